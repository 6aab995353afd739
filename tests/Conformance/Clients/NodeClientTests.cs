using System.Globalization;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>The Node clients that people use, unchanged, and a browser.</summary>
public sealed class NodeClientTests : IDisposable
{
    private readonly List<ServerProcess> _started = [];

    public void Dispose()
    {
        foreach (ServerProcess server in _started) server.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public Task Node_redis_runs_each_of_its_methods(int resp) =>
        NodeScript.PassAsync("node-redis.mjs", Text(Start().Port), Text(resp));

    [Fact]
    public Task Node_redis_keeps_a_cache_that_the_server_keeps_right() => NodeScript.PassAsync("caching.mjs", Text(Start().Port));

    [Fact]
    public Task Queues_locks_and_limiters_that_run_on_scripts_do_their_main_job()
    {
        Oracle.DemandGalley();
        ServerProcess galley = StartWithHttp("--http-token", "x");
        return NodeScript.PassAsync("queues.mjs", Text(galley.Port), Text(galley.HttpPort));
    }

    [Fact]
    public Task Ioredis_runs_each_of_its_methods() => NodeScript.PassAsync("ioredis.mjs", Text(Start().Port));

    [Fact]
    public Task Two_servers_of_Socket_IO_meet_by_each_of_its_adapters() => NodeScript.PassAsync("socket-io.mjs", Text(Start().Port));

    [Fact]
    public Task Upstash_redis_runs_each_of_its_methods()
    {
        Oracle.DemandGalley();
        ServerProcess galley = StartWithHttp("--http-token", "sesame", "--http-readonly-token", "poppy");
        return NodeScript.PassAsync("upstash.mjs", Text(galley.HttpPort), "sesame", "poppy");
    }

    [Fact]
    public Task Upstash_redis_subscribes()
    {
        Oracle.DemandGalley();
        ServerProcess galley = StartWithHttp("--http-token", "sesame", "--http-readonly-token", "poppy");
        return NodeScript.PassAsync("upstash-events.mjs", Text(galley.HttpPort), "sesame", "poppy");
    }

    [Fact]
    public Task A_page_in_a_browser_fetches_and_subscribes()
    {
        Oracle.DemandGalley();
        Oracle.Demand(Oracle.Chromium, "chromium", "apt-get install chromium");
        ServerProcess galley = StartWithHttp();
        return NodeScript.PassAsync("browser.mjs", Oracle.Chromium!, Text(galley.HttpPort), Text(galley.Port));
    }

    [Fact]
    public Task A_client_generated_from_openapi_yaml_compiles_and_calls()
    {
        Oracle.DemandGalley();
        return NodeScript.PassAsync("typed.mjs", Text(StartWithHttp("--http-token", "sesame").HttpPort), "sesame");
    }

    [Fact]
    public Task The_pages_work_in_a_browser()
    {
        Oracle.DemandGalley();
        Oracle.Demand(Oracle.Chromium, "chromium", "apt-get install chromium");
        ServerProcess guarded = StartWithHttp("--http-token", "sesame");
        return NodeScript.PassAsync("page.mjs", Oracle.Chromium!, Text(StartWithHttp().HttpPort), Text(guarded.HttpPort), "sesame");
    }

    private ServerProcess Start() => Kept(ServerProcess.StartGalley());

    private ServerProcess StartWithHttp(params string[] arguments) => Kept(ServerProcess.StartGalleyWithHttp(isAwaited: true, arguments));

    private ServerProcess Kept(ServerProcess server)
    {
        _started.Add(server);
        return server;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
