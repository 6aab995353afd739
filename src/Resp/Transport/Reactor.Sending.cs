using System.Diagnostics;

namespace Galley.Resp.Transport;

internal sealed partial class Reactor
{
    /// <summary>What connections that have much to send share in a turn, so that they do not keep the others waiting.</summary>
    private const int SentBytesPerTurnMax = 1024 * 1024;

    /// <summary>However many they are, each may send so much.</summary>
    private const int SentBytesEachMin = 64 * 1024;

    /// <summary>So many receivers for each client that has more to run are a crowd.</summary>
    private const int CrowdMin = 64;

    /// <summary>How long a crowd's messages may gather.</summary>
    private static readonly long GatheringMax = Stopwatch.Frequency / 1000;

    private readonly List<EpollConnection> _sendable = [];
    private readonly List<EpollConnection> _held = [];
    private long _releasedTicket;

    private long _gathersSince;

    /// <summary>
    /// Somebody publishes to a crowd, and has more at hand. A message costs a receiver little to be written, and a call
    /// to be sent: for a moment they gather, to go together. (16 messages to 1,000 receivers: 2 us of processor time a delivery instead of 8.)
    /// </summary>
    private bool Gathers()
    {
        bool isForCrowd = _ready.Count > 0 && _sendable.Count >= CrowdMin * _ready.Count;
        long now = isForCrowd ? Stopwatch.GetTimestamp() : 0;
        if (isForCrowd && _gathersSince == 0) _gathersSince = now;
        bool gathers = isForCrowd && now - _gathersSince < GatheringMax;
        if (!gathers) _gathersSince = 0;
        return gathers;
    }

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
        int share = Math.Max(SentBytesEachMin, SentBytesPerTurnMax / Math.Max(1, _sendable.Count));
        foreach (EpollConnection connection in _sendable) SendTo(connection, share);
        _sendable.Clear();
    }

    /// <param name="share">Bytes that it may send now; with what is left it goes on in the next turn.</param>
    private void SendTo(EpollConnection connection, int share)
    {
        if (connection.IsClosing || connection.WaitsForRoom || connection.IsHeld) return;
        while (connection.Queue.Count > 0)
        {
            int count = connection.Queue.CountReleased(_releasedTicket, Libc.SegmentsMax);
            if (count == 0)
            {
                connection.IsHeld = true;
                _held.Add(connection);
                break;
            }
            int sent = SendOnce(connection, count, share, out bool isWhole);
            if (sent < 0)
            {
                if (sent == Libc.Interrupted) continue;
                if (sent == Libc.Again) connection.WaitsForRoom = true;
                else Close(connection);
                break;
            }
            share -= sent;
            // The kernel took a part: its buffer is full, and asking again would only say so.
            if (!isWhole || share <= 0)
            {
                connection.WaitsForRoom = connection.Queue.Count > 0;
                break;
            }
        }
        if (connection.IsClosing) return;
        UpdateInterest(connection);
        if (connection.EndsAfterSend && connection.Queue.Count == 0) Close(connection);
    }

    /// <summary>One call: a single run as it is, or a part of it; several as segments.</summary>
    private static int SendSome(EpollConnection connection, int count, int bytesMax, out long length)
    {
        length = 0;
        int pieces = 0;
        for (; pieces < count; pieces++)
        {
            int piece = connection.Queue.BytesAt(pieces).Length;
            if (length + piece > bytesMax) break;
            length += piece;
        }
        if (pieces > 1) return length == 0 ? 0 : Libc.SendMany(connection.Descriptor, connection.Queue, pieces);
        ReadOnlySpan<byte> first = connection.Queue.First.Span;
        if (pieces == 0) first = first[..bytesMax];
        length = first.Length;
        return length == 0 ? 0 : Libc.Send(connection.Descriptor, first);
    }

    private int SendOnce(EpollConnection connection, int count, int bytesMax, out bool isWhole)
    {
        int sent = SendSome(connection, count, bytesMax, out long length);
        isWhole = sent == length;
        if (sent < 0) return sent;
        connection.Output.Sent(sent);
        connection.Queue.Consume(sent);
        if (sent > 0) _handler.Traffic.CountSent(sent);
        return sent;
    }
}
