using System.Diagnostics;

namespace Galley.Resp.Transport;

internal sealed partial class Reactor
{
    /// <summary>Who has no more than this to send is served at once, and before those that have.</summary>
    private const int BulkyBytes = 64 * 1024;

    /// <summary>What those that have more share in a turn; each of them sends at least <see cref="BulkyBytes"/> when it comes to it.</summary>
    private const int BulkyBytesPerTurn = 512 * 1024;

    /// <summary>So many receivers for each client that has more to run are a crowd.</summary>
    private const int CrowdMin = 64;

    /// <summary>How long a crowd's messages may gather.</summary>
    private static readonly long GatheringMax = Stopwatch.Frequency / 1000;

    private readonly List<EpollConnection> _sendable = [];
    private readonly Queue<EpollConnection> _bulky = new();
    private readonly List<EpollConnection> _held = [];
    private long _releasedTicket;

    private long _gathersSince;

    /// <summary>
    /// Somebody publishes to a crowd, and has more at hand. A message costs a receiver little to be written, and a call
    /// to be sent: for a moment they gather, to go together. (16 messages to 1,000 receivers: 2 us of processor time a delivery instead of 8.)
    /// </summary>
    private bool Gathers()
    {
        int publishers = _ready.Count + _backlog.Count;
        bool isForCrowd = publishers > 0 && _sendable.Count >= CrowdMin * publishers;
        long now = isForCrowd ? Stopwatch.GetTimestamp() : 0;
        if (isForCrowd && _gathersSince == 0) _gathersSince = now;
        bool gathers = isForCrowd && now - _gathersSince < GatheringMax;
        if (!gathers) _gathersSince = 0;
        return gathers;
    }

    private void Send()
    {
        if (_sendable.Count == 0 && _held.Count == 0 && _bulky.Count == 0)
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
        foreach (EpollConnection connection in _sendable)
        {
            if (connection.IsBulky) continue;
            connection.IsBulky = connection.Output.PendingBytes > BulkyBytes;
            if (connection.IsBulky) _bulky.Enqueue(connection);
            else SendTo(connection, BulkyBytes);
        }
        _sendable.Clear();
        if (_bulky.Count > 0) SendBulky();
    }

    /// <summary>Those that have much to send, until they have sent what a turn has for them; the rest of them is for the next turn.</summary>
    private void SendBulky()
    {
        int share = Math.Max(BulkyBytes, BulkyBytesPerTurn / _bulky.Count);
        int left = BulkyBytesPerTurn;
        while (left > 0 && _bulky.TryDequeue(out EpollConnection? connection))
        {
            connection.IsBulky = false;
            left -= SendTo(connection, share);
        }
    }

    /// <param name="share">Bytes that it may send now; with what is left it goes on in the next turn.</param>
    /// <returns>The bytes sent.</returns>
    private int SendTo(EpollConnection connection, int share)
    {
        if (connection.IsClosing || connection.WaitsForRoom || connection.IsHeld) return 0;
        int had = share;
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
        if (connection.IsClosing) return had - share;
        UpdateInterest(connection);
        if (connection.EndsAfterSend && connection.Queue.Count == 0) Close(connection);
        return had - share;
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
