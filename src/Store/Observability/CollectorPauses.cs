using System.Runtime.InteropServices;

namespace Galley.Store.Observability;

/// <summary>
/// The longest pause of the garbage collector. .NET tells the pauses of the last collection only, and no event is raised
/// after each one without a listener that allocates. So an object that nobody refers to is left behind: its finalizer runs
/// after the collection that finds it, reads what the pauses were, and leaves the object behind again.
/// </summary>
public sealed class CollectorPauses
{
    private long _maxTicks;

    /// <summary>Begins to watch.</summary>
    public static CollectorPauses Watch()
    {
        var pauses = new CollectorPauses();
        _ = new Sentinel(new WeakGCHandle<CollectorPauses>(pauses));
        return pauses;
    }

    public long MaxMicroseconds => Volatile.Read(ref _maxTicks) / TimeSpan.TicksPerMicrosecond;

    public void Reset() => Volatile.Write(ref _maxTicks, 0);

    /// <summary>Only finalizers call this, and they run on one thread.</summary>
    private void NoteLastCollection()
    {
        foreach (TimeSpan pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations)
            if (pause.Ticks > Volatile.Read(ref _maxTicks)) Volatile.Write(ref _maxTicks, pause.Ticks);
    }

    /// <summary>A handle and not a WeakReference, which has a finalizer of its own and may be finished before this one.</summary>
    private sealed class Sentinel(WeakGCHandle<CollectorPauses> watcher)
    {
        private WeakGCHandle<CollectorPauses> _watcher = watcher;

        ~Sentinel()
        {
            if (!_watcher.TryGetTarget(out CollectorPauses? pauses))
            {
                _watcher.Dispose();
                return;
            }
            pauses.NoteLastCollection();
            // A new object rather than this one again: it is young, so that the next collection of any generation finds it.
            _ = new Sentinel(_watcher);
        }
    }
}
