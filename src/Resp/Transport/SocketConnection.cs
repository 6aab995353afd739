using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Galley.Resp.Transport;

/// <summary>
/// A client of the socket transport. One asynchronous loop owns the reader: it receives and posts turns, one at a time,
/// so that no turn runs while bytes arrive. A sender of its own, started when there is something to send, takes
/// from the queue (<c>SocketConnection.Sending</c>).
/// <code>
///   Open -> ( wait for input without a buffer -> receive -> Run, Run ... )* -> End -> all sent -> Close
/// </code>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "ServeAsync owns the stream from its first line to its last.")]
internal sealed partial class SocketConnection(SocketTransport transport, Socket socket)
    : Connection(transport.Options.Limits)
{
    /// <summary>A paused client's input is taken up to here, so that its going away is seen.</summary>
    private const int PausedBytesMax = 64 * 1024;
    private const int AheadBytes = 4 * 1024;

    private readonly SocketTurn _turn = new(transport.Handler);
    private Stream _stream = Stream.Null;
    private Task<int>? _ahead;
    private byte[]? _aheadBytes;
    private TaskCompletionSource? _pause;
    private int _isResumed;

    public async Task ServeAsync()
    {
        bool isOpen = false;
        try
        {
            _stream = new NetworkStream(socket, ownsSocket: false);
            if (transport.Options.Wrap is { } wrap) _stream = await wrap(_stream).ConfigureAwait(false);
            isOpen = true;
            if (await TurnAsync(TurnStep.Open).ConfigureAwait(false)) await ReceiveAsync().ConfigureAwait(false);
            await TurnAsync(TurnStep.End).ConfigureAwait(false);
            await AllSentAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or AuthenticationException
            or OutOfMemoryException)
        {
            // The client went away, or asked for more memory than there is: it is only to be closed.
        }
        IsClosing = true;
        socket.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
        if (isOpen) await TurnAsync(TurnStep.Close).ConfigureAwait(false);
        EndSending();
        Reader.Drop();
        transport.Forget(this);
    }

    public override void Abort()
    {
        IsClosing = true;
        socket.Dispose();
        Resume();
        EndSending();
    }

    public override void Pause() =>
        Interlocked.CompareExchange(ref _pause, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public override void Resume()
    {
        Interlocked.Exchange(ref _isResumed, 1);
        Interlocked.Exchange(ref _pause, null)?.TrySetResult();
    }

    /// <summary>Runs one step under the gate, then detaches what it wrote. Called by the turn.</summary>
    public bool RunStep(TurnStep step)
    {
        bool result = false;
        switch (step)
        {
            case TurnStep.Open:
                result = transport.Handler.Opened(this);
                break;
            case TurnStep.Run:
                result = !IsClosing && !CloseAfterReply && Volatile.Read(ref _pause) is null && transport.Handler.Run(this, IConnectionHandler.BatchCommandsMax);
                break;
            case TurnStep.Close:
                transport.Handler.Closed(this);
                Output.Drop();
                return false;
        }
        Detach(isLast: step == TurnStep.End);
        return result;
    }

    private ValueTask<bool> TurnAsync(TurnStep step) => _turn.PostAsync(this, step);

    /// <summary>Returns when the client has ended, or is to be closed.</summary>
    private async Task ReceiveAsync()
    {
        while (!IsClosing && !CloseAfterReply)
        {
            if (Volatile.Read(ref _pause) is { } pause)
            {
                if (!await PausedAsync(pause.Task).ConfigureAwait(false)) return;
            }
            else if (Interlocked.Exchange(ref _isResumed, 0) == 0)
            {
                if (!await ReceiveOnceAsync().ConfigureAwait(false)) return;
            }
            while (await TurnAsync(TurnStep.Run).ConfigureAwait(false))
            {
            }
            Reader.Release();
        }
    }

    /// <summary>Waits for input without a buffer, then receives. False if the client went away.</summary>
    private async Task<bool> ReceiveOnceAsync()
    {
        if (_ahead is not null) return await TakeAheadAsync().ConfigureAwait(false);
        await _stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        int count = await _stream.ReadAsync(Reader.GetInputMemory()).ConfigureAwait(false);
        Reader.Received(count);
        return GoesOn(count);
    }

    /// <summary>
    /// Waits for the end of a pause. False if the client went away, which shows only by reading: what is read lands in
    /// a buffer of its own, since the reader must be free to run the moment the pause ends.
    /// </summary>
    private async Task<bool> PausedAsync(Task resumed)
    {
        while (!resumed.IsCompleted)
        {
            if (Reader.PendingBytes > PausedBytesMax)
            {
                await resumed.ConfigureAwait(false);
                break;
            }
            _ahead ??= _stream.ReadAsync(_aheadBytes ??= new byte[AheadBytes]).AsTask();
            if (await Task.WhenAny(_ahead, resumed).ConfigureAwait(false) == resumed) break;
            if (await TakeAheadAsync().ConfigureAwait(false)) continue;
            IsClosing = true;
            break;
        }
        return !IsClosing;
    }

    /// <summary>Counts what was received; false where that was the end, or more than may wait.</summary>
    private bool GoesOn(int count)
    {
        transport.Handler.Traffic.CountReceived(count);
        if (!Reader.IsOverLimit) return count > 0;
        transport.Handler.Traffic.CountOverfull();
        return false;
    }

    private async Task<bool> TakeAheadAsync()
    {
        int count = await _ahead!.ConfigureAwait(false);
        _ahead = null;
        Reader.Append(_aheadBytes.AsSpan(0, count));
        return GoesOn(count);
    }
}
