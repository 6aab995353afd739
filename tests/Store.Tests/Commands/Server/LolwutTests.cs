using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Server;

public sealed class LolwutTests
{
    [Theory]
    [InlineData(66, 16)]
    [InlineData(1, 1)]
    [InlineData(11, 3)]
    [InlineData(1000, 500)]
    public void A_drawing_has_the_size_that_was_asked_and_is_never_the_same(int columns, int rows)
    {
        string first = NightAtSea.Draw(columns, rows, new Random(1));
        string[] lines = first.Split('\n');
        Assert.Equal(rows + 1, lines.Length);
        Assert.InRange(lines.Max(line => line.Length), 0, columns);
        Assert.Equal(first, NightAtSea.Draw(columns, rows, new Random(1)));
        if (columns * rows > 100) Assert.NotEqual(first, NightAtSea.Draw(columns, rows, new Random(2)));
    }

    [Fact]
    public void It_ends_with_the_version()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.EndsWith("Redis ver. 7.4.0", client.Run("LOLWUT"), StringComparison.Ordinal);
        Assert.Equal("$17 Redis ver. 7.4.0", client.Run("LOLWUT VERSION 7"));
        Assert.Equal(8, client.Run("LOLWUT VERSION 5 20 6").Split('\n').Length);
    }
}
