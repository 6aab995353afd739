using System.Runtime;
using Galley.Store.Memory;

namespace Galley.Store.Engine;

/// <summary>
/// Sees to it that what the just-in-time compiler has freed goes back to the system. It takes megabytes at a time from the C
/// library, which keeps them: 4 MB after the first commands of a kind, a tenth of what half a million small keys take.
/// </summary>
internal sealed class CompilerMemory(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private long _lookedAt = time.GetTimestamp();
    private long _methods;
    private long _methodsAtTrim;

    /// <summary>Trims once the compiler has come to rest. Not under the gate: it may take a millisecond.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(_lookedAt) < Interval) return;
        _lookedAt = time.GetTimestamp();
        long methods = JitInfo.GetCompiledMethodCount(currentThread: false);
        bool rests = methods == _methods;
        _methods = methods;
        if (!rests || methods == _methodsAtTrim) return;
        _methodsAtTrim = methods;
        PageSource.TrimNativeHeap();
    }
}
