using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class GeoHashTests
{
    [Theory]
    [InlineData(13.361389, 38.115556, 3479099956230698, "sqc8b49rny0")]
    [InlineData(15.087269, 37.502669, 3479447370796909, "sqdtr74hyu0")]
    public void A_position_has_the_score_and_the_text_that_redis_gives_it(double longitude, double latitude, ulong score, string text)
    {
        GeoHash hash = GeoHash.Of(new GeoPosition(longitude, latitude));
        Assert.Equal(score, hash.Score);
        Assert.Equal(hash, GeoHash.FromScore(score));
        Span<byte> bytes = stackalloc byte[GeoHash.TextLength];
        hash.WriteText(bytes);
        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void The_middle_of_a_cell_is_near_the_position_at_every_size()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            GeoPosition position = RandomPosition(random);
            int step = random.Next(1, GeoHash.StepMax + 1);
            GeoArea area = GeoHash.Of(position, step).Area;
            Assert.InRange(position.Longitude, area.West, area.East);
            Assert.InRange(position.Latitude, area.South, area.North);
            Assert.Equal(360 / Math.Pow(2, step), area.East - area.West, 1e-9);
        }
    }

    [Fact]
    public void A_cell_holds_the_scores_of_what_lies_in_it_and_no_others()
    {
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++)
        {
            GeoHash cell = GeoHash.Of(RandomPosition(random), random.Next(1, 20));
            GeoHash point = GeoHash.Of(RandomPosition(random));
            bool isWithin = point.Score >= cell.Score && point.Score < cell.Next.Score;
            Assert.Equal(GeoHash.Of(point.Area.Center, cell.Step) == cell, isWithin);
        }
    }

    [Fact]
    public void Neighbours_touch_and_go_round_the_world()
    {
        GeoHash cell = GeoHash.Of(new GeoPosition(13, 38), 10);
        Assert.Equal(cell.Area.East, cell.Neighbour(1, 0).Area.West, 1e-9);
        Assert.Equal(cell.Area.North, cell.Neighbour(0, 1).Area.South, 1e-9);
        Assert.Equal(cell, cell.Neighbour(1, 1).Neighbour(-1, -1));
        GeoHash last = GeoHash.Of(new GeoPosition(179.99, 10), 10);
        Assert.Equal(-180, last.Neighbour(1, 0).Area.West);
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1)]
    [InlineData(1e19)]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void Any_score_is_a_position(double score)
    {
        GeoPosition position = GeoHash.FromScore(score).Area.Center;
        Assert.True(position.IsInRange);
    }

    internal static GeoPosition RandomPosition(Random random) => new(random.NextDouble() * 360 - 180, random.NextDouble() * 170 - 85);
}
