using System.Globalization;
using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Eviction;

/// <summary>An engine whose memory is bounded, and a client of it.</summary>
internal sealed class EvictionFixture : IDisposable
{
    public EvictionFixture(string policy, int partitions = 1, Action<Settings>? configure = null)
    {
        Engine = new EngineFixture(partitions, configure);
        Client = Engine.Connect();
        Assert.Equal("+OK", Client.Run("CONFIG SET maxmemory-policy " + policy));
    }

    public EngineFixture Engine { get; }

    public TestClient Client { get; }

    /// <summary>Bytes that the limit is compared with.</summary>
    public long CountedBytes => Engine.Server.Memory.CountedBytes;

    public long EvictedKeys => Engine.Server.Stats.EvictedKeys;

    /// <summary>The limit from here on.</summary>
    public long Limit { get; private set; }

    public static TheoryData<string, int> Policies(params string[] policies)
    {
        var data = new TheoryData<string, int>();
        foreach (string policy in policies)
            foreach (int partitions in (int[])[1, 4, 16384]) data.Add(policy, partitions);
        return data;
    }

    /// <summary>Bounds the memory to what is taken now, and so much more; no command has been held up by it yet.</summary>
    public void BoundBy(long more)
    {
        Assert.Equal("+OK", Run("CONFIG SET maxmemory 1000gb"));
        Limit = CountedBytes + more;
        Run("CONFIG", "SET", "maxmemory", Limit.ToString(CultureInfo.InvariantCulture));
    }

    public string Run(params ReadOnlySpan<string> words) => words.Length == 1 ? Client.Run(words[0]) : Client.Run(words);

    /// <summary>Has the cron work until the bound holds.</summary>
    public void Settle()
    {
        for (int turns = 0; turns < 1000 && CountedBytes > Limit; turns++) Engine.Engine.RunCron();
        Assert.InRange(CountedBytes, 0, Limit);
    }

    public bool Exists(string key) => Run("EXISTS", key) == ":1";

    public int CountExisting(IEnumerable<string> keys) => keys.Count(key => Exists(key));

    public string Info(string field)
    {
        string line = Assert.Single(Run("INFO").Split(' '), word => word.StartsWith(field + ":", StringComparison.Ordinal));
        return line[(field.Length + 1)..];
    }

    public void Dispose() => Engine.Dispose();
}
