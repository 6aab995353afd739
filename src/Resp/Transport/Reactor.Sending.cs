namespace Galley.Resp.Transport;

internal sealed partial class Reactor
{
    /// <summary>One connection sends no more in a turn, so that a fast reader of much does not keep the others waiting.</summary>
    private const long SentBytesPerTurnMax = 1024 * 1024;

    private readonly List<EpollConnection> _sendable = [];
    private readonly List<EpollConnection> _held = [];
    private long _releasedTicket;

    private void Send()
    {
        if (_sendable.Count == 0 && _held.Count == 0)
        {
            Volatile.Write(ref _isReleaseSignalled, 0);
            return;
        }
        // The signal is taken before the ticket is read: a later one sets it again.
        Interlocked.Exchange(ref _isReleaseSignalled, 0);
        _releasedTicket = _handler.ReleasedTicket;
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            EpollConnection connection = _held[i];
            if (!connection.IsGone && connection.Queue.CountReleased(_releasedTicket, 1) == 0) continue;
            connection.IsHeld = false;
            _held[i] = _held[^1];
            _held.RemoveAt(_held.Count - 1);
            _sendable.Add(connection);
        }
        foreach (EpollConnection connection in _sendable) SendTo(connection);
        _sendable.Clear();
    }

    private void SendTo(EpollConnection connection)
    {
        if (connection.IsClosing || connection.WaitsForRoom || connection.IsHeld) return;
        long sentInTurn = 0;
        while (connection.Queue.Count > 0)
        {
            int count = connection.Queue.CountReleased(_releasedTicket, Libc.SegmentsMax);
            if (count == 0)
            {
                connection.IsHeld = true;
                _held.Add(connection);
                break;
            }
            int sent = SendOnce(connection, count, out bool isWhole);
            if (sent < 0)
            {
                if (sent == Libc.Interrupted) continue;
                if (sent == Libc.Again) connection.WaitsForRoom = true;
                else Close(connection);
                break;
            }
            sentInTurn += sent;
            // The kernel took a part: its buffer is full, and asking again would only say so.
            if (!isWhole || sentInTurn >= SentBytesPerTurnMax)
            {
                connection.WaitsForRoom = connection.Queue.Count > 0;
                break;
            }
        }
        if (connection.IsClosing) return;
        UpdateInterest(connection);
        if (connection.EndsAfterSend && connection.Queue.Count == 0) Close(connection);
    }

    /// <summary>One call: a single run as it is, several as segments.</summary>
    private int SendOnce(EpollConnection connection, int count, out bool isWhole)
    {
        long length = 0;
        for (int i = 0; i < count; i++) length += connection.Queue.BytesAt(i).Length;
        int sent = 0;
        if (length > 0)
        {
            sent = count == 1
                ? Libc.Send(connection.Descriptor, connection.Queue.First.Span)
                : Libc.SendMany(connection.Descriptor, connection.Queue, count);
        }
        isWhole = sent == length;
        if (sent < 0) return sent;
        connection.Output.Sent(sent);
        connection.Queue.Consume(sent);
        if (sent > 0) _handler.Traffic.CountSent(sent);
        return sent;
    }
}
