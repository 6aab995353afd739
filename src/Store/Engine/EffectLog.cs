using System.Collections.Concurrent;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>
/// Carries what turns have changed from the effect buffer to its reader, and holds back what must not leave before it is
/// stored: connections by ticket (their transport asks <see cref="ReleasedOffset"/>), requests of other doors here.
/// </summary>
internal sealed class EffectLog(EffectBuffer buffer)
{
    private readonly EffectBuffer _buffer = buffer;
    private readonly ConcurrentQueue<DoorRequest> _held = new();
    private readonly Lock _releasing = new();
    private IEffectSink? _sink;
    private TimeSpan _delay;

    /// <summary>Raised, on any thread, when held output may leave by the work of another thread.</summary>
    public event Action? Released;

    public long EndOffset => _buffer.EndOffset;

    /// <summary>Where it ended before the command that is under way.</summary>
    public long SettledOffset => _buffer.SettledOffset;

    /// <summary>What reflects the log up to here may leave.</summary>
    public long ReleasedOffset => _sink?.ReleasedOffset ?? long.MaxValue;

    /// <summary>What was told up to here outlives a power cut; nothing does without a reader.</summary>
    public long DurableOffset => _sink?.DurableOffset ?? 0;

    public string? Failure => _sink?.Failure;

    /// <summary>The present turn has changed something that the reader has not taken yet.</summary>
    public bool HasPending => !_buffer.Pending.IsEmpty;

    /// <summary>The commands that were told between two offsets, if the reader has them all still.</summary>
    public bool TryCopyUnreleased(long from, long to, out byte[] commands)
    {
        commands = [];
        return _sink is not null && _sink.TryCopy(from, to, out commands);
    }

    /// <summary>Gives the log a reader, or none. Under the gate, between turns.</summary>
    public void Attach(IEffectSink? sink)
    {
        if (_sink is not null) _sink.Released -= OnReleased;
        _sink = sink;
        _buffer.IsRead = sink is not null;
        _buffer.ForgetDatabase();
        if (sink is not null) sink.Released += OnReleased;
        // Without a reader nothing is held back any more.
        OnReleased();
    }

    /// <summary>The turn ends: the reader takes its effects. Under the gate.</summary>
    public void EndTurn()
    {
        if (_buffer.Pending.IsEmpty) return;
        _sink?.Accept(_buffer.Pending, _buffer.EndOffset);
        _delay = _buffer.WriteDelay;
        _buffer.Taken();
    }

    /// <summary>A turn takes very long: what was told before its present command is stored now, and need not wait for its end.</summary>
    public void Settle()
    {
        if (_buffer.Settled.IsEmpty) return;
        _sink?.Accept(_buffer.Settled, _buffer.SettledOffset);
        _buffer.SettledTaken();
        Commit(mayFlush: false);
    }

    /// <summary>After the turn, outside the gate: what was taken is written.</summary>
    public void Commit(bool mayFlush)
    {
        IEffectSink? sink = _sink;
        if (sink is null) return;
        if (_delay > TimeSpan.Zero) Delay();
        sink.Commit(mayFlush);
        if (!_held.IsEmpty) ReleaseHeld();
    }

    /// <summary>Completes the request when the log is stored up to its offset. Under the gate.</summary>
    public void CompleteWhenReleased(DoorRequest request)
    {
        bool mayLeave = ReleasedOffset >= request.LogOffset && (_held.IsEmpty || request.LogOffset == 0);
        if (mayLeave) request.Complete();
        else _held.Enqueue(request);
    }

    /// <summary>For tests of what happens while the disk is slow.</summary>
    private void Delay()
    {
        using var nobody = new ManualResetEventSlim();
        nobody.Wait(_delay);
        _delay = TimeSpan.Zero;
    }

    private void OnReleased()
    {
        ReleaseHeld();
        Released?.Invoke();
    }

    private void ReleaseHeld()
    {
        if (_held.IsEmpty) return;
        lock (_releasing)
        {
            long released = ReleasedOffset;
            while (_held.TryPeek(out DoorRequest? request) && request.LogOffset <= released)
            {
                _held.TryDequeue(out _);
                request.Complete();
            }
        }
    }
}
