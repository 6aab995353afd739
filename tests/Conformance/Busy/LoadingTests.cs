using System.Net;
using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Busy;

/// <summary>While the data is loaded the doors are open, and say so.</summary>
public sealed class LoadingTests : IDisposable
{
    private const string Loading = "LOADING Redis is loading the dataset in memory";
    private const int Keys = 5_000;

    private readonly ServerProcess _galley;

    public LoadingTests()
    {
        Oracle.DemandGalley();
        // Five milliseconds and more a command: loading takes half a minute, and CONFIG SET ends the rests.
        _galley = ServerProcess.StartGalleyWithHttp(
            isAwaited: true, "--appendonly", "yes", "--key-load-delay", "5000", "--loglevel", "verbose");
        using RespConnection client = _galley.Connect(30_000);
        var commands = new MemoryStream();
        for (int i = 0; i < Keys; i++) commands.Write(CommandLine.Encode("SET", $"key:{i}", $"{i}"));
        client.Send(commands.ToArray());
        for (int i = 0; i < Keys; i++) Assert.Equal("OK", client.Read().Text);
        Assert.Equal("*2\r\n:1\r\n:0\r\n", Encoding.ASCII.GetString(client.Ask("WAITAOF", "1", "0", "0").Bytes));
        _galley.RestartLoading();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _galley.Dispose();

    [Fact]
    public async Task Clients_hear_loading_at_every_door_until_all_is_there()
    {
        using RespConnection client = _galley.Connect(30_000);
        Assert.Equal(Loading, client.Ask("PING").Text);
        Assert.Equal(Loading, client.Ask("GET", "key:1").Text);
        Assert.Equal("OK", client.Ask("MULTI").Text);
        Assert.Equal(Loading, client.Ask("SET", "key:1", "x").Text);
        Assert.StartsWith("EXECABORT", client.Ask("EXEC").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask("CLIENT", "SETNAME", "early").Text);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_galley.HttpPort}") };
        _galley.AwaitHttp();
        HttpResponseMessage refused = await http.GetAsync("/get/key:1", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains(Loading, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/readyz", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/livez", Cancelled)).StatusCode);

        Assert.Equal("OK", client.Ask("CONFIG", "SET", "key-load-delay", "0").Text);
        while (client.Ask("PING").Text == Loading) await Task.Delay(10, Cancelled);
        Assert.Equal(Keys, int.Parse(client.Ask("DBSIZE").Text, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("4999", client.Ask("GET", "key:4999").Text);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/readyz", Cancelled)).StatusCode);
        Assert.Contains("loading:0", client.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_and_the_log_tell_how_far_it_is()
    {
        using RespConnection client = _galley.Connect(30_000);
        string info;
        do
        {
            info = client.Ask("INFO", "persistence").Text;
            Assert.Contains("loading:1\r\n", info, StringComparison.Ordinal);
        }
        // The doors are open before the first file is.
        while (FieldOf(info, "loading_total_bytes") == 0);
        long total = FieldOf(info, "loading_total_bytes");
        Assert.InRange(FieldOf(info, "loading_loaded_bytes"), 0, total);
        Assert.InRange(total, Keys * 30, Keys * 60);
        foreach (string field in (string[])["loading_start_time", "loading_rdb_used_mem", "loading_eta_seconds"])
            Assert.True(FieldOf(info, field) >= 0);
        Assert.Contains("loading_loaded_perc:", info, StringComparison.Ordinal);
        while (!_galley.Log.Contains("Loading: ", StringComparison.Ordinal)) await Task.Delay(20, Cancelled);
        Assert.DoesNotContain("Ready to accept connections", _galley.Log.Split("Loading: ")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_nosave_ends_it_and_the_data_is_as_it_was()
    {
        using (RespConnection client = _galley.Connect(30_000)) Assert.Equal("(closed)", client.Ask("SHUTDOWN", "NOSAVE").Text);
        for (int i = 0; i < 1000 && !_galley.HasExited; i++) await Task.Delay(10, Cancelled);
        Assert.True(_galley.HasExited, _galley.Log);
        _galley.RestartLoading();
        using RespConnection again = _galley.Connect(30_000);
        again.Ask("CONFIG", "SET", "key-load-delay", "0");
        while (again.Ask("PING").Text == Loading) await Task.Delay(10, Cancelled);
        Assert.Equal(Keys, int.Parse(again.Ask("DBSIZE").Text, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static long FieldOf(string info, string name) =>
        long.Parse(info.Split(name + ":")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
}
