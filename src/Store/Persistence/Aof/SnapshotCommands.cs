using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Memory;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Writes the entries of a snapshot as the commands that make them again, into the base of a rewrite. Commands of several
/// keys may stand mixed, so nothing waits for the end of a large value.
/// </summary>
internal sealed class SnapshotCommands(Arena memory, AppendBytes append, Func<long> bufferedBytes) : IHugeSink
{
    /// <summary>Bytes on their way to the file beyond which the walk waits for the disk.</summary>
    private const long BufferedBytesMax = 32L << 20;

    private readonly Arena _memory = memory;
    private readonly AppendBytes _append = append;
    private readonly EffectBuffer _commands = new() { IsRead = true };

    public bool IsBusy => bufferedBytes() > BufferedBytesMax;

    public long HeldBytes => 0;

    /// <summary>Writes libraries of functions, which come before keys.</summary>
    public void TakeLibraries(IEnumerable<byte[]> libraries)
    {
        foreach (byte[] library in libraries)
        {
            _commands.Begin(database: 0, words: 3).Word("FUNCTION"u8).Word("LOAD"u8).Word(library);
            HandOn();
        }
    }

    public void Take(int databaseId, SnapshotEntry entry)
    {
        EntryCommands.Write(_commands, databaseId, entry);
        HandOn();
    }

    public IHugeValue Begin(int databaseId, SnapshotEntry entry)
    {
        var tail = new EffectBuffer { IsRead = true };
        EntryCommands.WriteTail(tail, databaseId, entry);
        return new HugeValue(this, databaseId, entry.Key.ToArray(), entry.Type, tail.Pending.ToArray());
    }

    public bool TryRelease() => true;

    private void HandOn()
    {
        _append(_commands.Pending);
        _commands.Taken();
    }

    /// <param name="tail">The commands behind those of the elements, which choose their database themselves.</param>
    private sealed class HugeValue(SnapshotCommands commands, int databaseId, byte[] key, KeyType type, byte[] tail) : IHugeValue
    {
        public bool TryOpen() => true;

        public void Take(ReadOnlySpan<BlockRef> elements, bool areInOrder)
        {
            EntryCommands.WriteElements(commands._commands, databaseId, key, type, commands._memory, elements);
            commands.HandOn();
        }

        public bool TryEnd()
        {
            if (tail.Length == 0) return true;
            commands._append(tail);
            commands._commands.ForgetDatabase();
            return true;
        }
    }
}
