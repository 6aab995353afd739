namespace Galley.Conformance.Servers;

/// <summary>
/// What the tests need from outside: redis-server, Node, Chromium. Where one is missing, its tests are skipped with the
/// reason; under REQUIRE_ORACLE=1, as in .ci/run, a skip is a failure.
/// </summary>
public static class Oracle
{
    public static string? RedisServer { get; } = Executables.OnPath("redis-server");

    public static string? RedisCli { get; } = Executables.OnPath("redis-cli");

    public static string? RedisBenchmark { get; } = Executables.OnPath("redis-benchmark");

    public static string? Lua { get; } = Executables.OnPath("lua5.1");

    public static string? Node { get; } = Executables.OnPath("node");

    public static string? Chromium { get; } = Executables.OnPath("chromium") ?? Executables.OnPath("chromium-browser");

    /// <summary>Set for the long runs: a million commands, fifty kills, a minute of fuzzing at each door.</summary>
    public static bool IsFullRun => Environment.GetEnvironmentVariable("GALLEY_FULL") == "1";

    public static void Demand(string? program, string name, string remedy)
    {
        if (program is null) Refuse($"{name} is not installed: {remedy}");
    }

    public static void DemandRedis() =>
        Demand(RedisServer, "redis-server", "apt-get install redis-server redis-tools");

    public static void DemandLua() => Demand(Lua, "lua5.1", "apt-get install lua5.1");

    public static void DemandGalley()
    {
        if (Executables.IsStandIn) Refuse("redis-server stands in for Galley (GALLEY_SERVER), and this test is about Galley alone");
    }

    public static void Refuse(string reason)
    {
        if (Environment.GetEnvironmentVariable("REQUIRE_ORACLE") == "1") Assert.Fail($"{reason} (REQUIRE_ORACLE=1 makes this a failure)");
        Assert.Skip(reason);
    }
}
