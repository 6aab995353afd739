namespace Galley.Store.Types;

/// <summary>An area in which is searched: a circle, a box along meridians and parallels, or a polygon. Lengths are metres.</summary>
public readonly struct GeoShape
{
    private readonly double _width;
    private readonly double _height;
    private readonly GeoPosition[]? _vertices;
    private readonly Kind _kind;

    private GeoShape(Kind kind, GeoPosition center, double width, double height, GeoPosition[]? vertices = null)
    {
        _kind = kind;
        Center = center;
        _width = width;
        _height = height;
        _vertices = vertices;
    }

    private enum Kind : byte
    {
        Circle,
        Box,
        Polygon,
    }

    /// <summary>From where distances are measured.</summary>
    public GeoPosition Center { get; }

    /// <summary>The radius of a circle round the centre that holds all of it.</summary>
    public double RadiusMetres => _kind switch
    {
        Kind.Circle => _width / 2,
        Kind.Box => Math.Sqrt(_width / 2 * (_width / 2) + _height / 2 * (_height / 2)),
        _ => FarthestCorner(),
    };

    /// <summary>
    /// The meridians and parallels that bound it, as redis-server works them out: they may lie beyond the poles, or be no
    /// numbers where it reaches round one.
    /// </summary>
    public GeoArea Bounds => _kind == Kind.Polygon ? BoundsOfVertices() : BoundsOfBox();

    public static GeoShape Circle(GeoPosition center, double radiusMetres) =>
        new(Kind.Circle, center, 2 * radiusMetres, 2 * radiusMetres);

    public static GeoShape Box(GeoPosition center, double widthMetres, double heightMetres) =>
        new(Kind.Box, center, widthMetres, heightMetres);

    /// <summary>
    /// A polygon of three corners at least; distances are measured from their mean, as Valkey does: that of the points on a
    /// sphere, seen from its middle, and not that of the two angles.
    /// </summary>
    public static GeoShape Polygon(GeoPosition[] vertices)
    {
        double x = 0, y = 0, z = 0;
        foreach (GeoPosition vertex in vertices)
        {
            double longitude = Earth.Radians(vertex.Longitude), latitude = Earth.Radians(vertex.Latitude);
            x += Math.Cos(latitude) * Math.Cos(longitude);
            y += Math.Cos(latitude) * Math.Sin(longitude);
            z += Math.Sin(latitude);
        }
        var center = new GeoPosition(Earth.Degrees(Math.Atan2(y, x)), Earth.Degrees(Math.Atan2(z, Math.Sqrt(x * x + y * y))));
        return new GeoShape(Kind.Polygon, center, 0, 0, vertices);
    }

    /// <summary>Whether a point lies in it, and how far from its centre.</summary>
    public bool Contains(GeoPosition point, out double distanceMetres)
    {
        distanceMetres = 0;
        if (_kind == Kind.Box && !IsInBox(point)) return false;
        if (_kind == Kind.Polygon && !IsInPolygon(point)) return false;
        distanceMetres = Earth.Distance(Center, point);
        return _kind != Kind.Circle || !(distanceMetres > _width / 2);
    }

    private bool IsInBox(GeoPosition point)
    {
        if (Earth.DistanceOfLatitudes(point.Latitude, Center.Latitude) > _height / 2) return false;
        return !(Earth.Distance(point, point with { Longitude = Center.Longitude }) > _width / 2);
    }

    /// <summary>A ray from the point to the east leaves the polygon as often as it enters it, or once more.</summary>
    private bool IsInPolygon(GeoPosition point)
    {
        bool isInside = false;
        GeoPosition from = _vertices![^1];
        foreach (GeoPosition to in _vertices)
        {
            bool crossesParallel = from.Latitude > point.Latitude != to.Latitude > point.Latitude;
            if (crossesParallel)
            {
                double share = (point.Latitude - from.Latitude) / (to.Latitude - from.Latitude);
                if (point.Longitude < from.Longitude + share * (to.Longitude - from.Longitude)) isInside = !isInside;
            }
            from = to;
        }
        return isInside;
    }

    private GeoArea BoundsOfBox()
    {
        double height = Earth.Degrees(_height / 2 / Earth.RadiusMetres);
        double top = Earth.Degrees(_width / 2 / Earth.RadiusMetres / Math.Cos(Earth.Radians(Center.Latitude + height)));
        double bottom = Earth.Degrees(_width / 2 / Earth.RadiusMetres / Math.Cos(Earth.Radians(Center.Latitude - height)));
        double width = Center.Latitude < 0 ? bottom : top;
        return new GeoArea(Center.Longitude - width, Center.Latitude - height, Center.Longitude + width, Center.Latitude + height);
    }

    private GeoArea BoundsOfVertices()
    {
        GeoPosition first = _vertices![0];
        var bounds = new GeoArea(first.Longitude, first.Latitude, first.Longitude, first.Latitude);
        foreach (GeoPosition vertex in _vertices)
        {
            bounds = new GeoArea(
                Math.Min(bounds.West, vertex.Longitude), Math.Min(bounds.South, vertex.Latitude),
                Math.Max(bounds.East, vertex.Longitude), Math.Max(bounds.North, vertex.Latitude));
        }
        return bounds;
    }

    private double FarthestCorner()
    {
        GeoArea bounds = BoundsOfVertices();
        double west = Math.Max(
            Earth.Distance(Center, new GeoPosition(bounds.West, bounds.North)), Earth.Distance(Center, new GeoPosition(bounds.West, bounds.South)));
        double east = Math.Max(
            Earth.Distance(Center, new GeoPosition(bounds.East, bounds.North)), Earth.Distance(Center, new GeoPosition(bounds.East, bounds.South)));
        return Math.Max(west, east);
    }
}
