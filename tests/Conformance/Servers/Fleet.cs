using Galley.Conformance.Servers;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Fleet))]
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Galley.Conformance.Servers;

/// <summary>The servers that all comparisons share, each started when first asked for, all ended with the run.</summary>
public sealed class Fleet : IDisposable
{
    private readonly Dictionary<int, ServerProcess> _galleys = [];
    private ServerProcess? _redis;

    public ServerProcess Redis
    {
        get
        {
            Oracle.DemandRedis();
            return _redis ??= ServerProcess.StartRedis();
        }
    }

    /// <summary>Galley on so many partitions. One that a test brought down is started anew: the next test is not to suffer.</summary>
    public ServerProcess Galley(int partitions = 1)
    {
        if (_galleys.TryGetValue(partitions, out ServerProcess? running))
        {
            if (!running.HasExited) return running;
            running.Dispose();
        }
        return _galleys[partitions] = ServerProcess.StartGalley("--partitions", $"{partitions}");
    }

    public void Dispose()
    {
        _redis?.Dispose();
        foreach (ServerProcess galley in _galleys.Values) galley.Dispose();
    }
}
