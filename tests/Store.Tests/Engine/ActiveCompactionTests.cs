using System.Globalization;
using Galley.Store.Memory;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Engine;

/// <summary>When the arena is compacted, and what INFO says of it.</summary>
public sealed class ActiveCompactionTests : IDisposable
{
    private const int Keys = 60_000;

    private readonly EngineFixture _server = new(configure: settings => settings.ActiveDefragIgnoreBytes = 1 << 19);
    private readonly TestClient _client;

    public ActiveCompactionTests() => _client = _server.Connect();

    private Arena Arena => _server.Server.Databases.Arena;

    public void Dispose() => _server.Dispose();

    [Fact]
    public void When_half_the_keys_are_gone_half_the_pages_go()
    {
        Fill();
        Delete();
        double before = Ratio;
        PassUntil(() => Info("active_defrag_running") == 0 && Ratio < 1.25);

        Assert.True(before > 1.6, $"pages of {before:F2} times what was used");
        Assert.True(Info("active_defrag_hits") > Keys / 8);
        Assert.True(Info("active_defrag_misses") > Keys / 8);
        Assert.InRange(Info("active_defrag_key_hits"), Keys / 8, Keys / 2);
        Assert.InRange(Info("active_defrag_key_misses"), Keys / 8, Keys / 2);
        Assert.InRange(Info("total_active_defrag_time"), 1, 600_000);
        Assert.Equal(0, Info("current_active_defrag_time"));
        for (int i = 1; i < Keys; i += 2) Assert.EndsWith($" {Value(i)}", _client.Run($"GET key:{i}"), StringComparison.Ordinal);
        _server.Engine.InTurn(Arena.Verify);

        _client.Run("CONFIG RESETSTAT");
        Assert.Equal(0, Info("active_defrag_hits") + Info("active_defrag_key_misses") + Info("total_active_defrag_time"));
    }

    [Theory]
    [InlineData("activedefrag", "no")]
    [InlineData("active-defrag-ignore-bytes", "1gb")]
    [InlineData("active-defrag-threshold-lower", "1000")]
    public void It_does_nothing_where_it_is_not_to(string name, string value)
    {
        _client.Run("CONFIG", "SET", name, value);
        Fill();
        Delete();
        double before = Ratio;
        for (int i = 0; i < 100; i++) _server.Pass(1000);
        Assert.Equal(before, Ratio, tolerance: 0.05);
        Assert.Equal(0, Info("active_defrag_hits") + Info("active_defrag_misses") + Info("active_defrag_running"));
    }

    [Fact]
    public void Turned_off_on_its_way_it_leaves_every_page_in_use()
    {
        Fill();
        Delete();
        PassUntil(() => Info("active_defrag_running") > 0 && Info("active_defrag_hits") > 0);
        _client.Run("CONFIG SET activedefrag no");
        PassUntil(() => Info("active_defrag_running") == 0);
        Assert.Equal(0, Arena.EvacuatedSpans);
        _server.Engine.InTurn(Arena.Verify);
    }

    [Fact]
    public void What_cannot_be_gained_is_not_sought_again_and_again()
    {
        Fill();
        for (int i = 0; i < 100; i++) _server.Pass(1000);
        Assert.Equal(0, Info("active_defrag_hits") + Info("active_defrag_misses") + Info("total_active_defrag_time"));
    }

    private double Ratio => (double)Arena.CommittedBytes / Arena.UsedBytes;

    private void Fill()
    {
        for (int i = 0; i < Keys; i++) _client.Run("SET", $"key:{i}", Value(i));
    }

    private void Delete()
    {
        for (int i = 0; i < Keys; i += 2) _client.Run($"DEL key:{i}");
    }

    /// <summary>The turns take real time, of which compaction takes its share.</summary>
    private void PassUntil(Func<bool> isDone)
    {
        for (int i = 0; !isDone(); i++)
        {
            Assert.True(i < 20_000, $"still {Ratio:F2} times what is used after {i} turns");
            _server.Pass(10);
            Thread.Yield();
        }
    }

    private long Info(string field)
    {
        string line = _client.Run("INFO everything").Split(' ').First(word => word.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length + 1), CultureInfo.InvariantCulture);
    }

    private static string Value(int i) => new((char)('a' + (i % 26)), 300);
}
