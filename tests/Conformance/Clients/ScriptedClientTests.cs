using Galley.Conformance.Servers;
using Hangfire;
using Hangfire.Redis.StackExchange;
using RedLockNet;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;
using StackExchange.Redis;

namespace Galley.Conformance.Clients;

/// <summary>What people of .NET run on scripts, unchanged: background jobs and locks.</summary>
public sealed class ScriptedClientTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ServerProcess _galley;
    private readonly ConnectionMultiplexer _redis;

    public ScriptedClientTests()
    {
        Oracle.DemandGalley();
        _galley = ServerProcess.StartGalley();
        _redis = ConnectionMultiplexer.Connect($"127.0.0.1:{_galley.Port}");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _redis.Dispose();
        _galley.Dispose();
    }

    [Fact]
    public async Task Hangfire_runs_jobs_now_and_later_and_one_after_another()
    {
        var storage = new RedisStorage(_redis, new RedisStorageOptions { FetchTimeout = TimeSpan.FromMilliseconds(100) });
        Job.Forget();
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions { SchedulePollingInterval = TimeSpan.FromMilliseconds(100), WorkerCount = 2 }, storage);
        var client = new BackgroundJobClient(storage);
        string first = client.Enqueue(() => Job.Run(1));
        client.ContinueJobWith(first, () => Job.Run(10));
        client.Schedule(() => Job.Run(100), TimeSpan.FromMilliseconds(300));
        await UntilAsync(() => Job.Ran == 111);
        await UntilAsync(() => storage.GetMonitoringApi().SucceededListCount() == 3);
        Assert.Equal(0, storage.GetMonitoringApi().FailedCount());
    }

    [Fact]
    public async Task RedLock_gives_a_lock_to_one_and_extends_it()
    {
        using RedLockFactory factory = RedLockFactory.Create([new RedLockMultiplexer(_redis)]);
        await using (IRedLock held = await factory.CreateLockAsync("door", TimeSpan.FromSeconds(1)))
        {
            Assert.True(held.IsAcquired);
            await using (IRedLock refused = await factory.CreateLockAsync("door", TimeSpan.FromSeconds(1))) Assert.False(refused.IsAcquired);
            await UntilAsync(() => held.ExtendCount >= 1);
        }
        await using IRedLock again = await factory.CreateLockAsync("door", TimeSpan.FromSeconds(1));
        Assert.True(again.IsAcquired);
    }

    [Fact]
    public void StackExchange_Redis_sends_a_script_once_and_its_digest_afterwards()
    {
        IDatabase database = _redis.GetDatabase();
        LuaScript script = LuaScript.Prepare("return redis.call('incrby', @key, @by)");
        Assert.Equal(5, (long)database.ScriptEvaluate(script, new { key = (RedisKey)"n", by = 5 }));
        LoadedLuaScript loaded = script.Load(_redis.GetServers()[0]);
        Assert.Equal(8, (long)loaded.Evaluate(database, new { key = (RedisKey)"n", by = 3 }));
        RedisServerException failure = Assert.Throws<RedisServerException>(() => database.ScriptEvaluate("return redis.call('lpush', KEYS[1], 1)", ["n"]));
        Assert.StartsWith("WRONGTYPE", failure.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, "it did not happen");
            await Task.Delay(20, Cancelled);
        }
    }
}

/// <summary>What Hangfire calls: it must be public, and no test.</summary>
public static class Job
{
    private static int _ran;

    public static int Ran => Volatile.Read(ref _ran);

    public static void Forget() => Volatile.Write(ref _ran, 0);

    public static void Run(int by) => Interlocked.Add(ref _ran, by);
}
