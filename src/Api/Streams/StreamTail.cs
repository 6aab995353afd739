using System.Diagnostics.CodeAnalysis;
using Galley.Api.Doors;

namespace Galley.Api.Streams;

/// <summary>
/// The end of one stream, which all who have read so far share: one session of the engine waits there, reads what comes,
/// and puts it, written once, into the queue of each. Who cannot take it (no credit, no room) leaves, reads by himself
/// from where he was, and comes back; nobody is waited for.
/// <code>
///   XREAD BLOCK 0 ... (the wait)  -->  XINFO, XREAD (what came)  -->  r1, r2, .. r10000
/// </code>
/// What wakes it is not what is sent: between the two reads nothing may be trimmed unnoticed.
/// </summary>
internal sealed class StreamTail(CommandBatchPool batches, IDoorSession session, string stream, StreamPosition position, Action<StreamTail> ended)
    : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly CommandBatchPool _batches = batches;
    private readonly IDoorSession _session = session;
    private readonly string _stream = stream;
    private readonly Action<StreamTail> _ended = ended;
    private readonly HashSet<TailPlace> _places = [];
    private TailPlace[]? _present;
    private StreamPosition _position = position;
    private volatile bool _isOver;

    /// <summary>Stands at the end; false when something came that this place has not read, or the tail has ended.</summary>
    public bool TryJoin(TailPlace place)
    {
        lock (_lock)
        {
            if (_isOver || _position.Id > place.Position.Id) return false;
            _places.Add(place);
            _present = null;
            return true;
        }
    }

    /// <summary>Leaves; true when nobody is left.</summary>
    public bool Leave(TailPlace place)
    {
        lock (_lock)
        {
            if (_places.Remove(place)) _present = null;
            return _places.Count == 0;
        }
    }

    /// <summary>Waits no more.</summary>
    public void Stop()
    {
        lock (_lock) _isOver = true;
        _session.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    /// <summary>Waits, and hands out, until it is stopped or the stream is not what it was: then all read by themselves.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, each reader meets it by himself.")]
    private async Task RunAsync()
    {
        try
        {
            while (await TryReadAsync() is { } page)
            {
                HandOut(page);
                if (page.IsLast && !_isOver) await WaitAsync();
            }
        }
        catch (Exception)
        {
            // Nobody stands here any more, and who reads by himself is told.
        }
        _ended(this);
        foreach (TailPlace place in Present()) place.Reader.FallBehind(place);
    }

    /// <summary>Reads what came; null when it has ended.</summary>
    private async ValueTask<StreamPage?> TryReadAsync()
    {
        if (_isOver) return null;
        byte[] replies = await _session.RunAsync(_batches, batch => StreamPage.Ask(batch, _stream, _position.Id, StreamPage.EntriesMax));
        StreamPage page = StreamPage.ReadWithEntries(_stream, replies);
        return _isOver || page.Failure is not null || _position.IsTornFrom(page, out _) ? null : page;
    }

    private async ValueTask WaitAsync() => await _session.RunAsync(_batches, batch =>
        batch.Command("XREAD", "COUNT", "1", "BLOCK", "0", "STREAMS", _stream, _position.Id.ToString()));

    private void HandOut(StreamPage page)
    {
        TailPlace[] present;
        lock (_lock)
        {
            // Who comes from here on has read these, or does not join.
            _position.Advance(page);
            present = Present();
        }
        if (page.Entries is not { } entries) return;
        foreach (TailPlace place in present)
            if (!place.Reader.TryReceive(place, page, entries)) Leave(place);
        lock (_lock)
            if (_places.Count > 0) return;
        _ended(this);
    }

    private TailPlace[] Present()
    {
        lock (_lock) return _present ??= [.. _places];
    }
}
