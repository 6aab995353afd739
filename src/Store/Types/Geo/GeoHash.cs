namespace Galley.Store.Types;

/// <summary>A point on the earth, in degrees.</summary>
public readonly record struct GeoPosition(double Longitude, double Latitude)
{
    public const double LongitudeMax = 180;

    /// <summary>Where the Mercator projection makes the earth a square (EPSG:900913).</summary>
    public const double LatitudeMax = 85.05112878;

    /// <summary>A geohash can be made of it.</summary>
    public bool IsInRange => Math.Abs(Longitude) <= LongitudeMax && Math.Abs(Latitude) <= LatitudeMax;
}

/// <summary>What lies between two meridians and two parallels, in degrees.</summary>
public readonly record struct GeoArea(double West, double South, double East, double North)
{
    /// <summary>Its middle, as redis-server takes it: never beyond the projection.</summary>
    public GeoPosition Center => new(
        Math.Clamp((West + East) / 2, -GeoPosition.LongitudeMax, GeoPosition.LongitudeMax),
        Math.Clamp((South + North) / 2, -GeoPosition.LatitudeMax, GeoPosition.LatitudeMax));
}

/// <summary>
/// A cell of a grid over the earth: the square that the projection makes is halved so many times both ways, and the bits of
/// the column and of the row are interleaved, so that the cells of a larger cell are numbers that follow each other.
/// <code>
///   longitude      1   0   1 ...      odd bits
///   latitude         1   1   0 ...    even bits
/// </code>
/// With 26 steps it fills the 52 bits that a score holds exactly; that is what GEOADD gives a member.
/// </summary>
public readonly record struct GeoHash(ulong Bits, int Step)
{
    public const int StepMax = 26;

    /// <summary>The bits of rows; those of columns are the others.</summary>
    private const ulong Rows = 0x5555555555555555;

    private const int TextBits = 5;

    /// <summary>Characters of a geohash in text.</summary>
    public const int TextLength = 11;

    private static ReadOnlySpan<byte> Alphabet => "0123456789bcdefghjkmnpqrstuvwxyz"u8;

    /// <summary>The score that the cell's first corner has; it ends before that of the cell with the next number.</summary>
    public ulong Score => Bits << (2 * (StepMax - Step));

    /// <summary>The cell that comes after it in the order of scores.</summary>
    public GeoHash Next => this with { Bits = Bits + 1 };

    /// <summary>The area that it covers.</summary>
    public GeoArea Area => AreaWithin(GeoPosition.LatitudeMax);

    /// <summary>The cell of this size in which a position lies.</summary>
    /// <param name="latitudeMax">The grid goes from here in the south to here in the north.</param>
    public static GeoHash Of(GeoPosition position, int step = StepMax, double latitudeMax = GeoPosition.LatitudeMax)
    {
        double column = (position.Longitude + GeoPosition.LongitudeMax) / (2 * GeoPosition.LongitudeMax);
        double row = (position.Latitude + latitudeMax) / (latitudeMax - -latitudeMax);
        double cells = 1UL << step;
        return new GeoHash(Spread((uint)(row * cells)) | (Spread((uint)(column * cells)) << 1), step);
    }

    /// <summary>The cell that a score stands for. Any score is one, as the conversion of C on x86-64 has it.</summary>
    public static GeoHash FromScore(double score) => new(ToUnsigned(score), StepMax);

    /// <summary>The cell so many columns to the east and rows to the north (-1, 0 or 1); round the world at the edges.</summary>
    public GeoHash Neighbour(int east, int north) =>
        this with { Bits = Moved(Bits & ~Rows, ~Rows, east) | Moved(Bits & Rows, Rows, north) };

    /// <summary>The text that geohash.org gives the middle of the cell, whose grid goes from pole to pole.</summary>
    public void WriteText(Span<byte> text)
    {
        const double Pole = 90;
        ulong bits = Of(Area.Center, StepMax, Pole).Bits;
        for (int i = 0; i < TextLength - 1; i++)
            text[i] = Alphabet[(int)(bits >> (2 * StepMax - (i + 1) * TextBits)) & 0x1F];
        // There are no bits left for the last character.
        text[TextLength - 1] = Alphabet[0];
    }

    private GeoArea AreaWithin(double latitudeMax)
    {
        double cells = 1UL << Step;
        uint row = Gather(Bits);
        uint column = Gather(Bits >> 1);
        double height = latitudeMax - -latitudeMax;
        const double Width = 2 * GeoPosition.LongitudeMax;
        return new GeoArea(
            -GeoPosition.LongitudeMax + column / cells * Width,
            -latitudeMax + row / cells * height,
            -GeoPosition.LongitudeMax + (column + 1.0) / cells * Width,
            -latitudeMax + (row + 1.0) / cells * height);
    }

    /// <summary>
    /// Adds to the number in every second bit; the bits between are set for it, so that carries pass over them. A position
    /// on the edge of the earth has one bit too many, which redis-server leaves where nothing is added.
    /// </summary>
    private ulong Moved(ulong number, ulong itsBits, int cells)
    {
        ulong mask = ulong.MaxValue >> (64 - 2 * Step);
        ulong between = ~itsBits & mask;
        return cells switch
        {
            0 => number,
            > 0 => (number + (between + 1)) & itsBits & mask,
            _ => ((number | between) - (between + 1)) & itsBits & mask,
        };
    }

    /// <summary>Puts each bit at twice its place.</summary>
    private static ulong Spread(uint bits)
    {
        ulong x = bits;
        x = (x | (x << 16)) & 0x0000FFFF0000FFFF;
        x = (x | (x << 8)) & 0x00FF00FF00FF00FF;
        x = (x | (x << 4)) & 0x0F0F0F0F0F0F0F0F;
        x = (x | (x << 2)) & 0x3333333333333333;
        return (x | (x << 1)) & Rows;
    }

    private static uint Gather(ulong spread)
    {
        ulong x = spread & Rows;
        x = (x | (x >> 1)) & 0x3333333333333333;
        x = (x | (x >> 2)) & 0x0F0F0F0F0F0F0F0F;
        x = (x | (x >> 4)) & 0x00FF00FF00FF00FF;
        x = (x | (x >> 8)) & 0x0000FFFF0000FFFF;
        return (uint)(x | (x >> 16));
    }

    private static ulong ToUnsigned(double score)
    {
        const double Half = 1UL << 63;
        if (score < Half) return (ulong)(long)score;
        return score < 2 * Half ? (ulong)(long)(score - Half) | (1UL << 63) : 0;
    }
}
