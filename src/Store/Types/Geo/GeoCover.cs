namespace Galley.Store.Types;

/// <summary>
/// The cells that together cover a shape: the one in which its centre lies, and those of the eight around it that it
/// reaches into. The size of the cells and their order are redis-server's, since results that nobody sorts come in it.
/// </summary>
public static class GeoCover
{
    public const int CellsMax = 9;

    /// <summary>Writes the cells, and returns how many there are.</summary>
    public static int Of(in GeoShape shape, Span<GeoHash> cells)
    {
        GeoArea bounds = shape.Bounds;
        int step = StepFor(shape.RadiusMetres, shape.Center.Latitude);
        GeoHash center = GeoHash.Of(shape.Center, step);
        if (step > 1 && !ReachesTo(center, bounds)) center = GeoHash.Of(shape.Center, --step);

        GeoArea area = center.Area;
        bool isLarge = step < 2;
        bool north = isLarge || !(area.North > bounds.North);
        bool south = isLarge || !(area.South < bounds.South);
        bool east = isLarge || !(area.East > bounds.East);
        bool west = isLarge || !(area.West < bounds.West);

        cells[0] = center;
        int count = 1;
        Add(cells, ref count, center.Neighbour(0, 1), north);
        Add(cells, ref count, center.Neighbour(0, -1), south);
        Add(cells, ref count, center.Neighbour(1, 0), east);
        Add(cells, ref count, center.Neighbour(-1, 0), west);
        Add(cells, ref count, center.Neighbour(1, 1), north && east);
        Add(cells, ref count, center.Neighbour(-1, 1), north && west);
        Add(cells, ref count, center.Neighbour(1, -1), south && east);
        Add(cells, ref count, center.Neighbour(-1, -1), south && west);
        return count;
    }

    /// <summary>Of the largest cells several neighbours are one and the same, and stand side by side here.</summary>
    private static void Add(Span<GeoHash> cells, ref int count, GeoHash cell, bool isReached)
    {
        if (isReached && cells[count - 1] != cell) cells[count++] = cell;
    }

    /// <summary>The number of halvings after which three cells side by side are about as wide as the shape.</summary>
    private static int StepFor(double radiusMetres, double latitude)
    {
        if (radiusMetres == 0) return GeoHash.StepMax;
        int step = 1;
        for (; radiusMetres < Earth.MercatorMax; radiusMetres *= 2) step++;
        step -= 2;
        // Meridians are closer to each other towards the poles.
        if (Math.Abs(latitude) > 66) step--;
        if (Math.Abs(latitude) > 80) step--;
        return Math.Clamp(step, 1, GeoHash.StepMax);
    }

    /// <summary>The cells around this one go as far as the shape does.</summary>
    private static bool ReachesTo(GeoHash center, GeoArea bounds) =>
        !(center.Neighbour(0, 1).Area.North < bounds.North)
        && !(center.Neighbour(0, -1).Area.South > bounds.South)
        && !(center.Neighbour(1, 0).Area.East < bounds.East)
        && !(center.Neighbour(-1, 0).Area.West > bounds.West);
}
