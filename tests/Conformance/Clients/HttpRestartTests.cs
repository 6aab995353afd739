using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>There is no gateway that could lose its server: what is back, is back with its data.</summary>
public sealed class HttpRestartTests
{
    [Fact]
    public async Task After_a_kill_and_a_restart_the_same_client_is_served_again()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--appendonly", "yes", "--appendfsync", "always");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{galley.HttpPort}") };
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        Assert.Equal("""{"result":"OK"}""", await http.GetStringAsync("/set/k/v", cancelled));

        galley.Restart();

        Assert.Equal("""{"result":"v"}""", await http.GetStringAsync("/get/k", cancelled));
        using HttpResponseMessage ready = await http.GetAsync("/readyz", cancelled);
        Assert.True(ready.IsSuccessStatusCode);
    }
}
