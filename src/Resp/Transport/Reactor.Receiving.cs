using System.Collections.Concurrent;
using System.Net;
using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

internal sealed partial class Reactor
{
    private const int AcceptsPerTurnMax = 8;

    /// <summary>Room for what comes in one turn: five hundred clients that pipeline sixteen commands, or more that do not.</summary>
    private const int InputBytesPerTurn = 512 * 1024;

    /// <summary>What has come in this turn, of all connections one after another: it is hot in the cache when it is run.</summary>
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(InputBytesPerTurn);
    private int _inputAt;

    private readonly ConcurrentQueue<RetiredListeners> _retired = new();

    /// <summary>Those that this reactor waits at.</summary>
    private ListeningSocket[] _listeners = [];
    private bool _listens;
    private long _acceptRetryAtMs;

    private void AddListeners()
    {
        // Level-triggered: who is left in the queue is reported again. With one reactor there is nobody to exclude.
        uint events = EpollEvents.Readable | (_transport.Options.ThreadCount > 1 ? EpollEvents.Exclusive : 0);
        _listeners = _transport.Listeners;
        foreach (ListeningSocket listener in _listeners)
            Check(Libc.EpollControl(_epoll, Libc.EpollAdd, listener.Descriptor, events));
        _listens = true;
        _acceptRetryAtMs = 0;
    }

    private void RemoveListeners()
    {
        foreach (ListeningSocket listener in _listeners)
            Libc.EpollControl(_epoll, Libc.EpollDelete, listener.Descriptor, 0);
        _listens = false;
    }

    /// <summary>
    /// Goes from the old sockets to the new ones, unless the doors are shut or rest. Only those that are retired by now are
    /// left: what retires a moment later may be what this reactor has just come to.
    /// </summary>
    private void LeaveRetiredListeners()
    {
        int leaving = _retired.Count;
        if (_listens)
        {
            RemoveListeners();
            AddListeners();
        }
        while (leaving-- > 0 && _retired.TryDequeue(out RetiredListeners? retired)) retired.Leave();
    }

    private void LeaveListeners()
    {
        _acceptingEnds = false;
        if (_listens) RemoveListeners();
        _acceptRetryAtMs = 0;
        _transport.StoppedAccepting();
    }

    private void RetryAccepting()
    {
        if (Environment.TickCount64 >= _acceptRetryAtMs) AddListeners();
    }

    private void Accept(int listenerDescriptor)
    {
        if (Array.Find(_listeners, one => one.Descriptor == listenerDescriptor) is not { } listener) return;
        Span<byte> address = stackalloc byte[Libc.AddressBytesMax];
        for (int i = 0; i < AcceptsPerTurnMax && _listens; i++)
        {
            int descriptor = Libc.Accept(listenerDescriptor, address, out int length);
            if (descriptor >= 0)
            {
                Open(listener, descriptor, address[..length]);
                continue;
            }
            if (descriptor is Libc.FileTableFull or Libc.TooManyFiles or Libc.NoBuffers or Libc.OutOfMemory)
            {
                // The listener stays readable: without a rest the loop would spin until a descriptor is free.
                RemoveListeners();
                _acceptRetryAtMs = Environment.TickCount64 + AcceptRetryMs;
                return;
            }
            if (descriptor == Libc.Again) return;
        }
    }

    private void Open(ListeningSocket listener, int descriptor, ReadOnlySpan<byte> peerAddress)
    {
        EpollConnection connection = listener.Path is { } path
            ? OpenUnix(descriptor, path)
            : OpenTcp(descriptor, peerAddress);
        connection.Interest = EpollEvents.Readable | EpollEvents.PeerEnded;
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, descriptor, connection.Interest) < 0)
        {
            Libc.Close(descriptor);
            return;
        }
        if (descriptor >= _connections.Length) Array.Resize(ref _connections, Math.Max(descriptor + 1, _connections.Length * 2));
        _connections[descriptor] = connection;
        _opened.Add(connection);
        _transport.CountConnections(1);
    }

    private EpollConnection OpenUnix(int descriptor, string path)
    {
        string text = SocketAddressText.UnixText(path);
        return new EpollConnection(this, _transport.Options.Limits)
        {
            Descriptor = descriptor, RemoteAddress = text, LocalAddress = text, IsUnixSocket = true, IsLocal = true,
        };
    }

    private EpollConnection OpenTcp(int descriptor, ReadOnlySpan<byte> peerAddress)
    {
        Span<byte> local = stackalloc byte[Libc.AddressBytesMax];
        Libc.SocketName(descriptor, local, out int length);
        IPEndPoint? peer = SocketAddressText.Read(peerAddress);
        bool isLocal = SocketAddressText.IsLoopback(peer);
        if (isLocal) SimplifyCongestionControl(descriptor);
        return new EpollConnection(this, _transport.Options.Limits)
        {
            Descriptor = descriptor,
            RemoteAddress = SocketAddressText.Text(peer),
            LocalAddress = SocketAddressText.Text(SocketAddressText.Read(local[..length])),
            IsLocal = isLocal,
        };
    }

    /// <summary>
    /// A client on this machine shares no network with anybody. What the system paces for others (BBR above all) costs it a
    /// twentieth of all processor time for nothing; where it may not be chosen, all stays as it is.
    /// </summary>
    private static void SimplifyCongestionControl(int descriptor) =>
        Libc.SetOption(descriptor, Libc.LevelTcp, Libc.OptionTcpCongestion, "reno"u8);

    private void Receive(EpollConnection connection, uint events)
    {
        // Who has commands left to run is not read: else a pipeline faster than its turns would grow without end.
        if (connection.IsClosing || connection.IsReady) return;
        if (connection.IsPaused || connection.HasEnded || connection.EndsAfterSend)
        {
            ReceiveNothing(connection, events);
            return;
        }
        int count;
        try
        {
            count = ReceiveSome(connection);
        }
        catch (OutOfMemoryException)
        {
            // One client's command is larger than what is left: that client goes.
            Close(connection);
            return;
        }
        if (count > 0)
        {
            _handler.Traffic.CountReceived(count);
            connection.CoalescingWindow = _coalescing.Count(connection.CoalescingWindow);
            _served++;
            if (!connection.Reader.IsOverLimit)
            {
                AddReady(connection);
                return;
            }
            _handler.Traffic.CountOverfull();
            Close(connection);
        }
        else if (count == 0) End(connection);
        else if (count is not (Libc.Again or Libc.Interrupted)) Close(connection);
    }

    /// <summary>One call: into the input of the turn, unless the connection has a buffer, or has its turn later.</summary>
    private int ReceiveSome(EpollConnection connection)
    {
        RespReader reader = connection.Reader;
        if (reader.HoldsBuffer || ComesLater(connection) || _input.Length - _inputAt < RespReader.InputBytes)
        {
            int received = Libc.Receive(connection.Descriptor, reader.GetInput());
            if (received > 0) reader.Received(received);
            return received;
        }
        int count = Libc.Receive(connection.Descriptor, _input.AsSpan(_inputAt, RespReader.InputBytes));
        if (count <= 0) return count;
        reader.Lend(_input, _inputAt, count);
        _inputAt += count;
        return count;
    }

    /// <summary>The client sends no more: what it sent before is still run and answered.</summary>
    private void End(EpollConnection connection)
    {
        connection.HasEnded = true;
        if (connection.Reader.PendingBytes == 0 && connection.Queue.Count == 0)
        {
            Close(connection);
            return;
        }
        UpdateInterest(connection);
        AddReady(connection);
    }

    /// <summary>An event for a connection that is not read: it may have gone, or else is not to be reported again.</summary>
    private void ReceiveNothing(EpollConnection connection, uint events)
    {
        bool hasGone = (events & (EpollEvents.Error | EpollEvents.HangUp)) != 0;
        bool wasWaiting = !connection.HasEnded && !connection.EndsAfterSend && (events & EpollEvents.PeerEnded) != 0;
        if (hasGone || wasWaiting) Close(connection);
        else UpdateInterest(connection);
    }
}
