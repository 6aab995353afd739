namespace Galley.Store.Types;

/// <summary>Distances on a sphere, by the haversine formula, as redis-server computes them.</summary>
public static class Earth
{
    public const double RadiusMetres = 6372797.560856;

    /// <summary>Half the length of the equator in the Mercator projection.</summary>
    public const double MercatorMax = 20037726.37;

    private const double RadiansPerDegree = Math.PI / 180;

    public static double Radians(double degrees) => degrees * RadiansPerDegree;

    public static double Degrees(double radians) => radians / RadiansPerDegree;

    /// <summary>Metres from one point to the other along the surface.</summary>
    public static double Distance(GeoPosition from, GeoPosition to)
    {
        double v = Math.Sin((Radians(to.Longitude) - Radians(from.Longitude)) / 2);
        if (v == 0) return DistanceOfLatitudes(from.Latitude, to.Latitude);
        double fromLatitude = Radians(from.Latitude);
        double toLatitude = Radians(to.Latitude);
        double u = Math.Sin((toLatitude - fromLatitude) / 2);
        double a = u * u + Math.Cos(fromLatitude) * Math.Cos(toLatitude) * v * v;
        return 2.0 * RadiusMetres * Math.Asin(Math.Sqrt(a));
    }

    /// <summary>Metres between two parallels.</summary>
    public static double DistanceOfLatitudes(double from, double to) => RadiusMetres * Math.Abs(Radians(to) - Radians(from));
}
