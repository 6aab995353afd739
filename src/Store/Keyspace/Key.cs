using System.Buffers.Binary;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// One key as a command has opened it: its name, and the entry that it has or has not. It follows what is changed
/// through it; another key that is added or removed makes it stale, so a command changes one key at a time.
/// </summary>
public ref partial struct Key
{
    private readonly Database _database;
    private readonly ulong _hash;

    /// <summary>The entry is in no table: nobody else finds it, and nothing there is to be changed when it moves or goes.</summary>
    private readonly bool _isBeside;

    private Partition? _partition;
    private TablePosition _position;
    private BlockRef _block;
    private EntryShape _shape;

    internal Key(Database database, ReadOnlySpan<byte> name)
    {
        _database = database;
        Name = name;
        _hash = database.Space.Hashing.Of(name);
        _partition = database.PartitionOf(name, _hash);
        Find();
    }

    /// <summary>The bytes by which the command named it.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The number of the database it was opened in.</summary>
    public readonly int DatabaseId => _database.Id;

    public readonly bool Exists => !_block.IsNone;

    /// <summary>The type of its value; only when it exists.</summary>
    public readonly KeyType Type => _shape.Type;

    /// <summary>The key is absent or holds this type: what a handler guards before it acts.</summary>
    public readonly bool IsAbsentOr(KeyType type) => !Exists || Type == type;

    /// <summary>When it expires, in milliseconds since 1970, or -1.</summary>
    public readonly long ExpiresAtMs => Exists && _shape.Has(EntryFlags.Expires)
        ? BinaryPrimitives.ReadInt64LittleEndian(Arena.Span(_block, _shape.KeyOffset)[_shape.ExpiryOffset..])
        : Database.NoExpiry;

    /// <summary>
    /// The bytes of a string value (empty when the key is absent). They stay until the turn ends even if the value is
    /// replaced or deleted, but not if it is edited or written again in place.
    /// </summary>
    public readonly ReadOnlySpan<byte> String => Exists ? _shape.ValueIn(Arena, _block) : default;

    /// <summary>
    /// Replies with the string value. A large one is lent to the reply until it was sent, and not copied; who writes the
    /// value meanwhile writes a copy.
    /// </summary>
    public readonly void SendString(RespWriter reply)
    {
        if (!_shape.Has(EntryFlags.LargeValue))
        {
            reply.Bulk(String);
            return;
        }
        LargeString large = LargeValue;
        System.Buffers.IMemoryOwner<byte> lent = Arena.Lend(large.Block, 0, large.Length);
        reply.BulkShared(lent.Memory, lent);
    }

    /// <summary>As OBJECT ENCODING names it.</summary>
    public readonly string EncodingName => Type == KeyType.String
        ? StringEncoding.NameOf(_shape.Flags, String)
        : ValueEncodingNames.Of(Form.Encoding);

    /// <summary>Seconds since it was last used (LRU policies).</summary>
    public readonly long IdleSeconds => _database.Space.Clock.IdleSeconds(Use);

    /// <summary>The logarithmic use counter (LFU policies).</summary>
    public readonly int Frequency => (int)_database.Space.Clock.DecayedCounter(Use);

    /// <summary>Bytes of the arena that the key and its value take, their slot in the table included.</summary>
    public readonly long MemoryBytes => MemoryBytesOf(samples: 0);

    /// <summary>As <see cref="MemoryBytes"/>, of a large collection by so many of its elements (0: all).</summary>
    public readonly long MemoryBytesOf(int samples) => Exists ? EntryMemory.Of(Arena, _block, samples) + sizeof(ulong) : 0;

    /// <summary>Where its entry lies in the arena, for DEBUG OBJECT.</summary>
    internal readonly ulong Address => _block.Value;

    /// <summary>The 24 bits that tell of its last use, for DEBUG OBJECT.</summary>
    internal readonly uint UseClock => Use;

    internal readonly bool IsExpired(long nowMs)
    {
        long expiresAtMs = ExpiresAtMs;
        return expiresAtMs >= 0 && expiresAtMs <= nowMs;
    }

    /// <summary>Notes that the value was used, unless changes alone are noted.</summary>
    internal readonly void Touch()
    {
        if (!_database.Space.Clock.NotesChangesAlone) NoteUse();
    }

    /// <summary>Notes that the value was changed, where that is what counts.</summary>
    internal readonly void TouchChanged()
    {
        if (Exists && _database.Space.Clock.NotesChangesAlone) NoteUse();
    }

    private readonly void NoteUse()
    {
        Span<byte> head = Arena.Span(_block, EntryLayout.NarrowHeader);
        WriteUse(head, _database.Space.Clock.NextUse(ReadUse(head)));
    }

    private readonly Arena Arena => _database.Space.Arena;

    private readonly uint Use => ReadUse(Arena.Span(_block, EntryLayout.NarrowHeader));

    /// <summary>Sees the key as absent from here on, though it is there.</summary>
    internal void Hide() => _block = BlockRef.None;

    private void Find()
    {
        if (_partition is null) return;
        _position = HashTable<EntryLayout>.Find(Arena, in _partition.Table, _hash, Name, out _block);
        if (_position.IsFound) _shape = EntryShape.Read(Arena, _block);
        else _block = BlockRef.None;
    }

    /// <summary>The 24 bits of last use in the head of an entry.</summary>
    internal static uint ReadUse(ReadOnlySpan<byte> head) => (uint)(head[1] | (head[2] << 8) | (head[3] << 16));

    private static void WriteUse(Span<byte> head, uint use)
    {
        head[1] = (byte)use;
        head[2] = (byte)(use >> 8);
        head[3] = (byte)(use >> 16);
    }
}
