using System.Text;
using Galley.Api.Doors;

namespace Galley.Api.Streams;

/// <summary>Commands that readers have the engine run, from words.</summary>
internal static class BatchWords
{
    /// <summary>Adds a command.</summary>
    public static CommandBatch Command(this CommandBatch batch, params ReadOnlySpan<string> words)
    {
        batch.BeginCommand();
        foreach (string word in words) batch.Add(Encoding.UTF8.GetBytes(word));
        return batch;
    }

    /// <summary>
    /// Has a session run a few commands, in one turn: nobody else's come between them. The replies, one after another,
    /// are the caller's own.
    /// </summary>
    public static async ValueTask<byte[]> RunAsync(this IDoorSession session, CommandBatchPool batches, Action<CommandBatch> write)
    {
        CommandBatch batch = batches.Rent();
        write(batch);
        byte[] replies = (await session.ExecuteAsync(batch, isAtomic: false)).Resp.ToArray();
        batches.Return(batch);
        return replies;
    }
}
