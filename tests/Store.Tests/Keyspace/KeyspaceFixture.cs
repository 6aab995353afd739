using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Memory;

namespace Galley.Store.Tests.Keyspace;

/// <summary>A keyspace of its own with a clock that the test moves.</summary>
internal sealed class KeyspaceFixture : IDisposable
{
    public KeyspaceFixture(int partitions = 1)
    {
        Clock = new KeyspaceClock(Time);
        Space = new Databases(16, partitions, Clock, new Arena(8L << 30), Settings);
    }

    /// <summary>How many partitions the tests of the keyspace run with.</summary>
    public static TheoryData<int> PartitionCounts => [1, 4, 16384];

    public ManualTime Time { get; } = new();

    public Settings Settings { get; } = new();

    public KeyspaceClock Clock { get; }

    public Databases Space { get; }

    public Key Open(string name, int database = 0) => Space[database].Open(Encoding.UTF8.GetBytes(name));

    public void Put(string name, string value, long expiresAtMs = -1, int database = 0)
    {
        Key key = Open(name, database);
        key.PutString(Encoding.UTF8.GetBytes(value), expiresAtMs);
    }

    public string? Get(string name, int database = 0)
    {
        Key key = Open(name, database);
        return key.Exists ? Encoding.UTF8.GetString(key.String) : null;
    }

    public void Dispose() => Space.Dispose();
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long NowMs => _now.ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(long milliseconds) => _now = _now.AddMilliseconds(milliseconds);
}
