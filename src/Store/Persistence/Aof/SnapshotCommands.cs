using Galley.Store.Commands;
using Galley.Store.Keyspace;

namespace Galley.Store.Persistence.Aof;

/// <summary>Writes the entries of a snapshot as the commands that make them again, into the base of a rewrite.</summary>
internal sealed class SnapshotCommands(AofRewrite rewrite) : ISnapshotSink
{
    /// <summary>Bytes on their way to the file beyond which the walk waits for the disk.</summary>
    private const long BufferedBytesMax = 32L << 20;

    private readonly AofRewrite _rewrite = rewrite;
    private readonly EffectBuffer _commands = new() { IsRead = true };

    public bool IsBusy => _rewrite.BufferedBytes > BufferedBytesMax;

    public void Take(int databaseId, SnapshotEntry entry)
    {
        EntryCommands.Write(_commands, databaseId, entry);
        _rewrite.Append(_commands.Pending);
        _commands.Taken();
    }
}
