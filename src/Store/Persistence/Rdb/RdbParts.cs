using System.Buffers.Binary;
using Galley.Store.Keyspace;

namespace Galley.Store.Persistence.Rdb;

/// <summary>
/// A file in parts, of which <see cref="RdbComposer"/> makes the bytes on another thread: encoding, compression and the checksum
/// are four fifths of the work, and the gate need not be held for them. What needs the arena is encoded here; an entry whose
/// value lies together is copied as it is.
/// <code>
///   0 | length 4 | bytes                                     bytes of the file
///   1 + type | length 4 | length 4 | key | value             an entry, from its form on
///   255 | length 4 (0)                                       the end
/// </code>
/// </summary>
/// <param name="append">Takes the parts, cut anywhere.</param>
internal sealed class RdbParts(AppendBytes append) : IRdbFile
{
    internal const byte Bytes = 0;
    internal const byte FirstEntry = 1;
    internal const byte Last = byte.MaxValue;

    internal const int HeadBytes = 1 + sizeof(int);
    internal const int EntryHeadBytes = HeadBytes + sizeof(int);

    /// <summary>No part is longer, so that nobody who reads them needs to hold more.</summary>
    internal const int PartBytesMax = 64 * 1024;

    private readonly byte[] _gathered = new byte[PartBytesMax];
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, PartBytesMax - HeadBytes);
            Span<byte> part = Room(HeadBytes + length);
            part[0] = Bytes;
            BinaryPrimitives.WriteInt32LittleEndian(part[1..], length);
            bytes[..length].CopyTo(part[HeadBytes..]);
            bytes = bytes[length..];
        }
    }

    public bool TryDefer(in SnapshotEntry entry)
    {
        if (!entry.IsTogether) return false;
        ReadOnlySpan<byte> key = entry.Key;
        ReadOnlySpan<byte> value = entry.Value;
        long length = EntryHeadBytes + (long)key.Length + value.Length;
        if (length > PartBytesMax) return false;
        Span<byte> part = Room((int)length);
        part[0] = (byte)(FirstEntry + entry.Type);
        BinaryPrimitives.WriteInt32LittleEndian(part[1..], key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(part[HeadBytes..], value.Length);
        key.CopyTo(part[EntryHeadBytes..]);
        value.CopyTo(part[(EntryHeadBytes + key.Length)..]);
        return true;
    }

    public void End()
    {
        Room(HeadBytes).Clear();
        _gathered[_length - HeadBytes] = Last;
        Flush();
    }

    /// <summary>Hands on what has gathered.</summary>
    public void Flush()
    {
        if (_length > 0) append(_gathered.AsSpan(0, _length));
        _length = 0;
    }

    private Span<byte> Room(int count)
    {
        if (_length + count > _gathered.Length) Flush();
        _length += count;
        return _gathered.AsSpan(_length - count, count);
    }
}
