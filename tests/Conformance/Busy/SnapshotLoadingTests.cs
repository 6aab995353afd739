using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Busy;

/// <summary>While a snapshot is loaded the door is open, and says so.</summary>
public sealed class SnapshotLoadingTests
{
    private const string Loading = "LOADING Redis is loading the dataset in memory";
    private const int Keys = 5_000;

    [Fact]
    public void Clients_hear_loading_until_all_is_there()
    {
        Oracle.DemandGalley();
        using var galley = ServerProcess.StartGalley("--key-load-delay", "5000");
        using (RespConnection client = galley.Connect(30_000))
        {
            for (int i = 0; i < Keys; i++) client.Ask("SET", $"key:{i}", $"value {i}");
            Assert.Equal("OK", client.Ask("SAVE").Text);
        }
        galley.RestartLoading();
        using RespConnection early = galley.Connect(30_000);
        Assert.Equal(Loading, early.Ask("GET", "key:1").Text);
        Assert.Equal(Loading, early.Ask("SAVE").Text);
        Assert.Contains("loading:1\r\n", early.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
        bool moved = SpinWait.SpinUntil(() => !early.Ask("INFO", "persistence").Text.Contains("loading_loaded_bytes:0\r\n", StringComparison.Ordinal), 20_000);
        Assert.True(moved, "INFO does not tell how far it is.");

        Assert.Equal("OK", early.Ask("CONFIG", "SET", "key-load-delay", "0").Text);
        Assert.True(SpinWait.SpinUntil(() => early.Ask("PING").Text == "PONG", 20_000), "It did not end.");
        Assert.Equal(Keys, int.Parse(early.Ask("DBSIZE").Text, CultureInfo.InvariantCulture));
        Assert.Equal("value 4999", early.Ask("GET", "key:4999").Text);
        Assert.Contains($"rdb_last_load_keys_loaded:{Keys}\r\n", early.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
    }
}
