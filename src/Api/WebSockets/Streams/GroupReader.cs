using System.Diagnostics.CodeAnalysis;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.Streams;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>
/// group.read: gives entries to one consumer of a group, as long as its client has credit, and waits in the engine for
/// more, first come first served with all who read for the group. In this order, as long as there are any:
/// <code>
///   1 given back, and their time has come     XCLAIM
///   2 pending for the consumer from before    XREADGROUP .. 0        at the beginning only
///   3 left alone too long by others           XPENDING IDLE, XCLAIM  every so often, with claimIdle
///   4 new to the group                        XREADGROUP .. BLOCK .. >
/// </code>
/// What was given is outstanding until it is acknowledged or given back; then there is credit for another.
/// </summary>
internal sealed partial class GroupReader : IReader, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly ReaderHost _host;
    private readonly IDoorSession _session;
    private readonly IDoorSession _answering;
    private readonly byte[] _frameHead;

    /// <summary>What the client has, and how often each of them was given to somebody.</summary>
    private readonly Dictionary<StreamId, long> _outstanding = [];
    private long _credit;
    private bool _isWoken;
    private bool _isBlocking;
    private bool _isStarted;
    private bool _isClosed;
    private TaskCompletionSource? _waking;
    private TaskCompletionSource? _underWay;

    /// <summary>It has sessions of the engine until it is closed.</summary>
    public GroupReader(ReaderHost host, ClientFrame frame)
    {
        _host = host;
        Id = frame.Id!;
        Terms = GroupTerms.Of(frame, host.Client.DatabaseId);
        _credit = Terms.Credit;
        _pendingAfter = Terms.StartsWithPending ? StreamId.Min : null;
        _frameHead = ServerFrames.Head(FrameTypes.Entries, Id);
        _session = host.Open();
        _answering = host.Open();
    }

    public string Id { get; }

    public GroupTerms Terms { get; }

    public bool HasCredit
    {
        get
        {
            lock (_lock) return _credit > 0;
        }
    }

    /// <summary>Makes the group, where it is missing; gives the frame that says why it cannot be, or null.</summary>
    public async ValueTask<byte[]?> CreateAsync(ClientFrame frame)
    {
        if (frame.CreateAt is not { } at) return null;
        byte[] reply = await _answering.RunAsync(_host.Services.Batches, batch =>
        {
            batch.Command("XGROUP", "CREATE", Terms.Stream, Terms.Group, at);
            if (frame.CreatesStream) batch.Add("MKSTREAM"u8);
        });
        string? failure = reply[0] == '-' ? Encoding.UTF8.GetString(reply.AsSpan(1..^2)) : null;
        bool isThere = failure is null || failure.StartsWith("BUSYGROUP ", StringComparison.Ordinal);
        return isThere ? null : ServerFrames.Failure(Id, failure!);
    }

    public void Start()
    {
        lock (_lock) _isStarted = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    public void AddCredit(long count)
    {
        bool hadNone;
        lock (_lock)
        {
            hadNone = _credit <= 0;
            _credit = Math.Min(_credit + count, SocketLimits.CreditMax);
        }
        if (hadNone) Wake();
    }

    /// <summary>Something has changed: what waits looks again.</summary>
    public void Wake()
    {
        bool isBlocking;
        lock (_lock)
        {
            _isWoken = true;
            _waking?.TrySetResult();
            _waking = null;
            isBlocking = _isBlocking;
        }
        if (isBlocking) _session.Interrupt();
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
        }
        Wake();
        _answering.Dispose();
        // Else it is the run that ends it.
        if (!_isStarted) _session.Dispose();
    }

    /// <summary>Another reader takes over the consumer: completes when this one takes nothing more from the group.</summary>
    private async ValueTask RetireAsync()
    {
        _host.Ended(this);
        Close();
        _host.Queue.TryAdd(new QueuedFrame(ServerFrames.Failure(Id, "TAKEN another reader has taken over the consumer")));
        Task? underWay;
        lock (_lock) underWay = _underWay?.Task;
        if (underWay is not null) await underWay;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the other clients must not suffer from it.")]
    private async Task RunAsync()
    {
        try
        {
            if (_host.Services.Groups.Enter(this) is { } older) await older.RetireAsync();
            while (await TryGoOnAsync())
            {
            }
        }
        catch (Exception)
        {
            _host.Broken();
        }
        _host.Services.Groups.Leave(this);
        Close();
        _session.Dispose();
    }

    /// <summary>One look at what there is for the client; false when the reader has ended.</summary>
    private async ValueTask<bool> TryGoOnAsync()
    {
        if (!TryBegin(out Task? waking)) return false;
        if (waking is not null)
        {
            await waking;
            return true;
        }
        var entries = new EntryList(Terms.Data);
        string? failure;
        try
        {
            failure = await ReadAsync(entries);
        }
        finally
        {
            EndRead();
        }
        if (failure is not null)
        {
            await EndAsync(failure);
            return false;
        }
        if (entries.Count > 0) await _host.Queue.AddAsync(new QueuedFrame(_frameHead, entries.Body(Terms.Stream)));
        return true;
    }

    /// <summary>Begins to read, or without credit gives what to wait for; false when the reader has ended.</summary>
    private bool TryBegin(out Task? waking)
    {
        lock (_lock)
        {
            waking = null;
            if (_isClosed) return false;
            _isWoken = false;
            if (_credit > 0)
            {
                _underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }
            _waking ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waking = _waking.Task;
            return true;
        }
    }

    private void EndRead()
    {
        lock (_lock)
        {
            _isBlocking = false;
            _underWay!.SetResult();
            _underWay = null;
        }
    }

    private async ValueTask EndAsync(string failure)
    {
        lock (_lock)
            if (_isClosed) return;
        _host.Ended(this);
        await _host.Queue.AddAsync(ServerFrames.Failure(Id, failure));
    }
}
