using System.Collections.Concurrent;

namespace Galley.Api.Doors;

/// <summary>Batches that wait for commands. As many are made as were ever in use at once.</summary>
internal sealed class CommandBatchPool
{
    /// <summary>Beyond so many the next ones are not kept.</summary>
    private const int IdleMax = 256;

    private readonly ConcurrentQueue<CommandBatch> _idle = new();

    public CommandBatch Rent() => _idle.TryDequeue(out CommandBatch? batch) ? batch : new CommandBatch();

    public void Return(CommandBatch batch)
    {
        batch.Clear();
        if (_idle.Count < IdleMax) _idle.Enqueue(batch);
    }
}
