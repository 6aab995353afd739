using System.Text;
using Galley.Api.Doors;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <content>What the client says of the entries that it was given. In the socket's lane, one at a time.</content>
internal sealed partial class GroupReader
{
    private const int DefaultMinIdleMs = 60_000;
    private const int DefaultClaimCount = 100;

    /// <summary>ack: they are done, whoever of the group they were given to.</summary>
    public async ValueTask<byte[]?> AcknowledgeAsync(ClientFrame frame)
    {
        List<StreamId> ids = IdsOf(frame);
        byte[] reply = await AnswerAsync(batch => AddIds(batch.Command("XACK", Terms.Stream, Terms.Group), ids));
        if (PendingList.FailureAt(new RespCursor(reply)) is { } failure) return ServerFrames.Failure(Id, failure, frame.Request);
        // What there is credit for now comes after the word of it.
        await _host.Queue.AddAsync(ServerFrames.Counted(FrameTypes.Acknowledged, frame, new RespCursor(reply).ReadLength()));
        Release(ids);
        return null;
    }

    /// <summary>nack: they are given back, for anybody of the group who reads here, after a while.</summary>
    public byte[] Return(ClientFrame frame)
    {
        List<ReturnedEntry> returned = [];
        lock (_lock)
        {
            // Taken off before they are given back: from then on this reader, too, may be given them again.
            foreach (StreamId id in IdsOf(frame))
                if (_outstanding.Remove(id, out long deliveries)) returned.Add(new ReturnedEntry(id, deliveries, frame.DelayMs ?? 0));
        }
        if (!_host.Services.Groups.TryReturn(Terms.Key, returned))
        {
            Keep(returned);
            return ServerFrames.Failure(Id, "LIMIT too many entries were given back and wait for their time", frame.Request);
        }
        AddCredit(returned.Count);
        return ServerFrames.Counted(FrameTypes.Refused, frame, returned.Count);
    }

    /// <summary>claim: takes over what others have left alone.</summary>
    public async ValueTask<byte[]> ClaimAsync(ClientFrame frame)
    {
        string idle = Text(frame.MinIdleMs ?? DefaultMinIdleMs), start = frame.Start ?? "0-0", count = Text(frame.Count ?? DefaultClaimCount);
        byte[] replies = await AnswerAsync(batch => batch
            .Command("XPENDING", Terms.Stream, Terms.Group, "IDLE", idle, start, "+", count)
            .Command("XAUTOCLAIM", Terms.Stream, Terms.Group, Terms.Consumer, idle, start, "COUNT", count));
        return PendingList.FailureAt(new RespCursor(replies)) is { } failure
            ? ServerFrames.Failure(Id, failure, frame.Request)
            : TakeClaimed(replies, frame);
    }

    private byte[] TakeClaimed(byte[] replies, ClientFrame frame)
    {
        var cursor = new RespCursor(replies);
        Dictionary<StreamId, PendingInfo> known = PendingList.Read(ref cursor).ToDictionary(pair => pair.Id, pair => pair.Info);
        if (PendingList.FailureAt(cursor) is { } failure) return ServerFrames.Failure(Id, failure, frame.Request);
        cursor.ReadLength();
        string next = Encoding.ASCII.GetString(cursor.ReadBlob());
        var entries = new EntryList(Terms.Data);
        int count = cursor.ReadLength();
        for (int i = 0; i < count; i++)
        {
            StreamId id = PendingList.Peek(cursor, out _);
            PendingInfo info = known.GetValueOrDefault(id);
            Give(ref cursor, id, new Delivery(info.DeliveryCount + 1, info.IdleMs), entries);
        }
        var deleted = new StreamId[cursor.ReadLength()];
        for (int i = 0; i < deleted.Length; i++) deleted[i] = SharedEntries.IdOf(cursor.ReadBlob());
        return ServerFrames.Claimed(frame, Terms.Stream, next, entries.Content, deleted);
    }

    /// <summary>They could not be given back: the client has them still.</summary>
    private void Keep(List<ReturnedEntry> entries)
    {
        lock (_lock)
            foreach (ReturnedEntry entry in entries) _outstanding[entry.Id] = entry.DeliveryCount;
    }

    /// <summary>The client has these no more: there is room for others.</summary>
    private void Release(IEnumerable<StreamId> ids)
    {
        long released = 0;
        lock (_lock)
        {
            foreach (StreamId id in ids)
                if (_outstanding.Remove(id)) released++;
        }
        AddCredit(released);
    }

    private ValueTask<byte[]> AnswerAsync(Action<CommandBatch> write) => _answering.RunAsync(_host.Services.Batches, write);

    private static List<StreamId> IdsOf(ClientFrame frame) =>
        [.. frame.EntryIds!.Select(id => SharedEntries.IdOf(Encoding.ASCII.GetBytes(id!)))];
}
