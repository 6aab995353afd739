using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>The model run finds a difference where there is one, and tells it in few commands.</summary>
public sealed class ModelHarnessTests(Fleet fleet)
{
    private const int LengthMax = 6;

    /// <summary>Two redis-servers, of which one has another threshold: nothing but the encoding gives it away.</summary>
    [Fact]
    public void A_difference_is_found_and_shrunk_to_the_commands_that_make_it()
    {
        Oracle.DemandRedis();
        using ServerProcess other = ServerProcess.StartRedis();
        using var servers = new ModelServers(fleet.Redis, other, 2, []);
        using RespConnection connection = other.Connect();
        connection.Ask("CONFIG", "SET", "hash-max-listpack-entries", "2");
        var stream = new ModelStream(1, servers.Known.Contains);
        List<ModelCommand> commands = [];
        servers.Begin();
        int parted = -1;
        while (parted < 0 && commands.Count < 20_000)
        {
            List<ModelCommand> batch = [.. Enumerable.Range(0, 100).Select(_ => stream.Next())];
            parted = servers.Run(batch, out _);
            commands.AddRange(batch);
        }
        Assert.True(parted >= 0, "the servers never parted");

        var shrinker = new ModelShrinker(servers, TimeSpan.FromSeconds(30));
        IReadOnlyList<ModelCommand> shortest = shrinker.Shrink(commands);
        Assert.InRange(shortest.Count, 1, LengthMax);
        Assert.Contains("hashtable", shrinker.Difference, StringComparison.Ordinal);
    }
}
