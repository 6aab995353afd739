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

    /// <summary>What reflects the log up to here may leave.</summary>
    public long ReleasedOffset => _sink?.ReleasedOffset ?? long.MaxValue;

    public string? Failure => _sink?.Failure;

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

    /// <summary>After the turn, outside the gate: what was taken is written.</summary>
    public void Commit()
    {
        IEffectSink? sink = _sink;
        if (sink is null) return;
        if (_delay > TimeSpan.Zero) Delay();
        sink.Commit();
        if (!_held.IsEmpty) ReleaseHeld();
    }

    /// <summary>Completes the request when the log is stored up to its offset. Under the gate.</summary>
    public void CompleteWhenReleased(DoorRequest request)
    {
        if (_held.IsEmpty && ReleasedOffset >= request.LogOffset) request.Complete();
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
