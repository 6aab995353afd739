using System.Globalization;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <content>Where entries come from.</content>
internal sealed partial class GroupReader
{
    /// <summary>The clock of the engine may be so far behind the one by which entries wait.</summary>
    private const int ClockSlackMs = 50;

    /// <summary>Idle entries are looked for twice in the time after which they count as such, within these bounds.</summary>
    private const int ClaimIntervalMsMin = 50;
    private const int ClaimIntervalMsMax = 30_000;

    /// <summary>Behind what pending entries are to be sent; null: they all are.</summary>
    private StreamId? _pendingAfter;
    private bool _isCaughtUp;
    private long _nextClaimMs;

    /// <summary>Never 0, by which commands mean all: a claim of the client's may take the last credit after a read has begun.</summary>
    private int PageSize
    {
        get
        {
            lock (_lock) return (int)Math.Clamp(_credit, 1, StreamPage.EntriesMax);
        }
    }

    /// <summary>Reads what comes first of what there is, or waits; gives the engine's error, or null.</summary>
    private ValueTask<string?> ReadAsync(EntryList entries)
    {
        if (_host.Services.Groups.TakeDue(Terms.Key, PageSize) is { Count: > 0 } due) return ClaimDueAsync(due, entries);
        if (_pendingAfter is { } after) return ReadPendingAsync(after, entries);
        if (Terms.ClaimIdleMs is { } idleMs && _host.Services.Groups.NowMs >= _nextClaimMs) return ClaimIdleAsync(idleMs, entries);
        return ReadNewAsync(entries);
    }

    private async ValueTask<string?> ClaimDueAsync(List<ReturnedEntry> due, EntryList entries)
    {
        Dictionary<StreamId, Delivery> known = due.ToDictionary(entry => entry.Id, entry => new Delivery(entry.DeliveryCount + 1, entry.DelayMs));
        // Whoever has got it elsewhere meanwhile keeps it: it was not idle for so long.
        long idleMs = Math.Max(0, due.Min(entry => entry.DelayMs) - ClockSlackMs);
        return await ClaimAsync(idleMs, known, entries);
    }

    private async ValueTask<string?> ReadPendingAsync(StreamId after, EntryList entries)
    {
        string count = Text(PageSize);
        byte[] replies = await RunAsync(batch => batch
            .Command("XPENDING", Terms.Stream, Terms.Group, $"({after}", "+", count, Terms.Consumer)
            .Command("XREADGROUP", "GROUP", Terms.Group, Terms.Consumer, "COUNT", count, "MAXSIZE", Text(StreamPage.BytesMax),
                "STREAMS", Terms.Stream, after.ToString()));
        if (PendingList.FailureAt(new RespCursor(replies)) is { } failure) return failure;
        List<StreamId> gone = [];
        if (TakePending(replies, entries, gone) is { } refusal) return refusal;
        // Nobody can do what they asked for any more.
        if (gone.Count > 0) await RunAsync(batch => AddIds(batch.Command("XACK", Terms.Stream, Terms.Group), gone));
        return null;
    }

    private string? TakePending(byte[] replies, EntryList entries, List<StreamId> gone)
    {
        var cursor = new RespCursor(replies);
        Dictionary<StreamId, PendingInfo> known = PendingList.Read(ref cursor).ToDictionary(pair => pair.Id, pair => pair.Info);
        if (PendingList.FailureAt(cursor) is { } failure) return failure;
        int count = EnterStream(ref cursor);
        if (count == 0) _pendingAfter = null;
        for (int i = 0; i < count; i++)
        {
            StreamId id = PendingList.Peek(cursor, out bool isThere);
            _pendingAfter = id;
            bool isWanted = isThere && !IsElsewhere(id);
            PendingInfo info = known.GetValueOrDefault(id);
            if (isWanted) Give(ref cursor, id, new Delivery(info.DeliveryCount + 1, info.IdleMs), entries);
            else cursor.Skip();
            if (!isThere) gone.Add(id);
        }
        return null;
    }

    private async ValueTask<string?> ClaimIdleAsync(long idleMs, EntryList entries)
    {
        int held = _host.Services.Groups.HeldCount(Terms.Key);
        int size = PageSize, outstanding;
        lock (_lock) outstanding = _outstanding.Count;
        byte[] replies = await RunAsync(batch => batch.Command(
            "XPENDING", Terms.Stream, Terms.Group, "IDLE", Text(idleMs), "-", "+", Text(size + held + outstanding)));
        if (PendingList.FailureAt(new RespCursor(replies)) is { } failure) return failure;
        Dictionary<StreamId, Delivery> idle = FindIdle(replies, size);
        // Where there are more, they are next.
        if (idle.Count < size) _nextClaimMs = _host.Services.Groups.NowMs + Math.Clamp(idleMs / 2, ClaimIntervalMsMin, ClaimIntervalMsMax);
        return idle.Count == 0 ? null : await ClaimAsync(idleMs, idle, entries);
    }

    private Dictionary<StreamId, Delivery> FindIdle(byte[] replies, int countMax)
    {
        var cursor = new RespCursor(replies);
        var idle = new Dictionary<StreamId, Delivery>();
        foreach ((StreamId id, PendingInfo info) in PendingList.Read(ref cursor))
        {
            if (idle.Count < countMax && !IsElsewhere(id)) idle.Add(id, new Delivery(info.DeliveryCount + 1, info.IdleMs));
        }
        return idle;
    }

    /// <summary>The client has it, and may take its time; or it was given back, and has a time of its own.</summary>
    private bool IsElsewhere(StreamId id)
    {
        lock (_lock)
            if (_outstanding.ContainsKey(id)) return true;
        return _host.Services.Groups.Holds(Terms.Key, id);
    }

    private async ValueTask<string?> ClaimAsync(long idleMs, Dictionary<StreamId, Delivery> known, EntryList entries)
    {
        byte[] replies = await RunAsync(batch =>
            AddIds(batch.Command("XCLAIM", Terms.Stream, Terms.Group, Terms.Consumer, Text(idleMs)), known.Keys));
        return TakeClaimed(replies, known, entries);
    }

    private string? TakeClaimed(byte[] replies, Dictionary<StreamId, Delivery> known, EntryList entries)
    {
        var cursor = new RespCursor(replies);
        if (PendingList.FailureAt(cursor) is { } failure) return failure;
        int count = cursor.ReadLength();
        for (int i = 0; i < count; i++)
        {
            StreamId id = PendingList.Peek(cursor, out _);
            Give(ref cursor, id, known[id], entries);
        }
        return null;
    }

    private async ValueTask<string?> ReadNewAsync(EntryList entries)
    {
        if (!TryBlock(out long timeoutMs)) return null;
        byte[] replies = await RunAsync(batch =>
        {
            batch.Command("XREADGROUP", "GROUP", Terms.Group, Terms.Consumer, "COUNT", Text(PageSize), "MAXSIZE", Text(StreamPage.BytesMax));
            foreach (string word in _isCaughtUp ? ["BLOCK", Text(timeoutMs)] : Array.Empty<string>()) batch.Add(Encoding.ASCII.GetBytes(word));
            if (Terms.IsUnacknowledged) batch.Add("NOACK"u8);
            foreach (string word in new[] { "STREAMS", Terms.Stream, ">" }) batch.Add(Encoding.UTF8.GetBytes(word));
        });
        if (TakeNew(replies, entries) is { } failure) return failure;
        if (_isCaughtUp || entries.Count > 0) return null;
        _isCaughtUp = true;
        await _host.Queue.AddAsync(ServerFrames.CaughtUp(Id, Terms.Stream));
        return null;
    }

    private string? TakeNew(byte[] replies, EntryList entries)
    {
        var cursor = new RespCursor(replies);
        if (PendingList.FailureAt(cursor) is { } failure) return failure;
        int count = EnterStream(ref cursor);
        for (int i = 0; i < count; i++) Give(ref cursor, PendingList.Peek(cursor, out _), new Delivery(1, 0), entries);
        return null;
    }

    /// <summary>The next wait may begin; false when something has changed that ends it.</summary>
    private bool TryBlock(out long timeoutMs)
    {
        timeoutMs = Terms.ClaimIdleMs is null ? 0 : Math.Max(1, _nextClaimMs - _host.Services.Groups.NowMs);
        lock (_lock)
        {
            _isBlocking = !_isWoken && !_isClosed;
            return _isBlocking;
        }
    }

    /// <summary>The client has one more entry.</summary>
    private void Give(ref RespCursor entry, StreamId id, Delivery delivery, EntryList entries)
    {
        entries.Add(ref entry, delivery);
        lock (_lock)
        {
            bool isNew = Terms.IsUnacknowledged || !_outstanding.ContainsKey(id);
            if (isNew) _credit--;
            if (!Terms.IsUnacknowledged) _outstanding[id] = delivery.Count;
        }
    }

    private ValueTask<byte[]> RunAsync(Action<CommandBatch> write) => _session.RunAsync(_host.Services.Batches, write);

    /// <summary>Goes to the entries of the one stream that was read; gives their number.</summary>
    private static int EnterStream(ref RespCursor cursor)
    {
        if (cursor.ReadLength() <= 0) return 0;
        cursor.ReadLength();
        cursor.ReadBlob();
        return Math.Max(0, cursor.ReadLength());
    }

    private static CommandBatch AddIds(CommandBatch batch, IEnumerable<StreamId> ids)
    {
        foreach (StreamId id in ids) batch.Add(Encoding.ASCII.GetBytes(id.ToString()));
        return batch;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
