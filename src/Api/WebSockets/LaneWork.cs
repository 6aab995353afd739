using Galley.Api.Doors;

namespace Galley.Api.WebSockets;

/// <summary>A frame that needs the engine.</summary>
/// <param name="Frame">Its raw JSON is no longer valid.</param>
/// <param name="Commands">What it has the engine run; null for one that changes subscriptions.</param>
internal sealed record LaneWork(ClientFrame Frame, CommandBatch? Commands)
{
    public bool IsBatch { get; } = Frame.Batch is not null;

    public bool IsAtomic { get; } = Frame.Batch is not null && Frame.IsAtomic;

    /// <summary>It may wait for something to happen, and others need not wait with it.</summary>
    public bool Blocks { get; } = Frame.Batch is null && Commands is not null && SocketCommands.Blocks(Commands[0]);

    /// <summary>It may run in one turn with those before and after it.</summary>
    public bool JoinsOthers => Commands is not null && !IsAtomic && !Blocks;

    /// <summary>The frame that answers it.</summary>
    public byte[] Answer(ReadOnlyMemory<byte> resp) => IsBatch
        ? ServerFrames.BatchReply(Frame.Id!, resp, Commands!.Count, IsAtomic)
        : ServerFrames.Reply(Frame.Id!, resp);
}
