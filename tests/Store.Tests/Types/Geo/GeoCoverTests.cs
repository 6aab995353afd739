using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class GeoCoverTests
{
    /// <summary>Away from the poles and the date line, where redis-server misses points and so does this.</summary>
    [Fact]
    public void Whatever_lies_in_a_shape_lies_in_one_of_its_cells()
    {
        var random = new Random(3);
        int inside = 0;
        Span<GeoHash> cells = stackalloc GeoHash[GeoCover.CellsMax];
        for (int i = 0; i < 2000; i++)
        {
            var center = new GeoPosition(random.NextDouble() * 240 - 120, random.NextDouble() * 100 - 50);
            double size = Math.Pow(10, 1 + random.NextDouble() * 5);
            GeoShape shape = RandomShape(random, center, size);
            int count = GeoCover.Of(in shape, cells);
            for (int j = 0; j < 50; j++)
            {
                double degrees = size / 60_000;
                var point = new GeoPosition(
                    center.Longitude + (random.NextDouble() - 0.5) * degrees, center.Latitude + (random.NextDouble() - 0.5) * degrees);
                GeoHash hash = GeoHash.Of(point);
                if (!shape.Contains(hash.Area.Center, out _)) continue;
                inside++;
                Assert.True(IsCovered(cells[..count], hash), $"{point} in round {i}");
            }
        }
        Assert.InRange(inside, 1000, int.MaxValue);
    }

    [Fact]
    public void A_point_is_covered_by_a_cell_of_the_smallest_size()
    {
        Span<GeoHash> cells = stackalloc GeoHash[GeoCover.CellsMax];
        GeoShape shape = GeoShape.Circle(new GeoPosition(13, 38), 0);
        GeoCover.Of(in shape, cells);
        Assert.Equal(GeoHash.Of(new GeoPosition(13, 38)), cells[0]);
    }

    private static bool IsCovered(ReadOnlySpan<GeoHash> cells, GeoHash point)
    {
        foreach (GeoHash cell in cells)
            if (point.Score >= cell.Score && point.Score < cell.Next.Score) return true;
        return false;
    }

    private static GeoShape RandomShape(Random random, GeoPosition center, double size)
    {
        switch (random.Next(3))
        {
            case 0: return GeoShape.Circle(center, size);
            case 1: return GeoShape.Box(center, size * random.NextDouble(), size * 2);
            default:
                double degrees = size / 111_000;
                var vertices = new GeoPosition[random.Next(3, 9)];
                for (int i = 0; i < vertices.Length; i++)
                {
                    vertices[i] = new GeoPosition(
                        center.Longitude + (random.NextDouble() - 0.5) * degrees, center.Latitude + (random.NextDouble() - 0.5) * degrees);
                }
                return GeoShape.Polygon(vertices);
        }
    }
}
