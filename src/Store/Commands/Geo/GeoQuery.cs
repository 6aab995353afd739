using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

/// <summary>Which of the search commands is run.</summary>
[Flags]
internal enum GeoForm : byte
{
    None = 0,

    /// <summary>GEORADIUS: the centre and the radius stand first.</summary>
    Radius = 1 << 0,

    /// <summary>GEORADIUSBYMEMBER: a member and the radius stand first.</summary>
    RadiusByMember = 1 << 1,

    /// <summary>GEOSEARCH and GEOSEARCHSTORE: centre and shape are options.</summary>
    Search = 1 << 2,

    /// <summary>GEOSEARCHSTORE: the first key is the destination.</summary>
    Destination = 1 << 3,

    /// <summary>STORE and STOREDIST are options.</summary>
    TakesStore = 1 << 4,
}

/// <summary>In which order results come.</summary>
internal enum GeoOrder : byte
{
    AsFound,
    NearestFirst,
    FarthestFirst,
}

/// <summary>What a search command asks: where, how many, in what order, and what of them.</summary>
internal struct GeoQuery
{
    private const int VerticesMin = 3;

    public GeoShape Shape;

    /// <summary>Metres of the unit in which distances are told.</summary>
    public double Unit;

    /// <summary>How many results; 0 for all.</summary>
    public long Count;

    /// <summary>The first ones found will do.</summary>
    public bool IsAny;

    public GeoOrder Order;
    public bool WithDistance;
    public bool WithHash;
    public bool WithPosition;

    /// <summary>The argument that is the key to store in; 0 to reply.</summary>
    public int Destination;

    /// <summary>What is stored are the distances, and not the geohashes.</summary>
    public bool StoresDistances;

    private GeoForm _form;
    private GeoPosition _center;
    private double _width;
    private double _height;
    private Outline _outline;
    private bool _hasCenter;
    private bool _isMember;

    private enum Outline : byte
    {
        None,
        Circle,
        Box,
        Polygon,
    }

    /// <summary>The argument that is the key searched.</summary>
    public static int SourceOf(GeoForm form) => (form & GeoForm.Destination) != 0 ? 2 : 1;

    /// <summary>
    /// Reads everything behind the key, or replies with an error. Of an absent key no member is looked up, and nothing is
    /// searched, but the options are read all the same.
    /// </summary>
    public static bool TryRead(Execution x, GeoForm form, in Key key, out GeoQuery query)
    {
        query = new GeoQuery { _form = form, Unit = 1, Destination = (form & GeoForm.Destination) != 0 ? 1 : 0 };
        if (!query.TryReadFixed(x, in key, out int first)) return false;
        for (int i = first; i < x.Args.Count; i++)
            if (!query.TryReadOption(x, in key, ref i)) return false;
        if (!query.IsComplete(x)) return false;
        query.Shape = query._outline switch
        {
            Outline.Circle => GeoShape.Circle(query._center, query._width),
            Outline.Box => GeoShape.Box(query._center, query._width, query._height),
            _ => query.Shape,
        };
        // To take the nearest ones they must be in order; to take any, not.
        if (query.Count > 0 && query.Order == GeoOrder.AsFound && !query.IsAny) query.Order = GeoOrder.NearestFirst;
        return true;
    }

    private readonly bool Has(GeoForm form) => (_form & form) != 0;

    /// <summary>Reads what stands at a fixed place, and where the options begin.</summary>
    private bool TryReadFixed(Execution x, in Key key, out int first)
    {
        first = SourceOf(_form) + 1;
        if (Has(GeoForm.Search)) return true;
        _outline = Outline.Circle;
        _hasCenter = true;
        if (Has(GeoForm.Radius))
        {
            first = 6;
            return GeoArgument.TryReadPosition(x, 2, out _center) && GeoArgument.TryReadRadius(x, 4, out _width, out Unit);
        }
        first = 5;
        return !key.Exists
            || (GeoArgument.TryReadMember(x, in key, 2, out _center) && GeoArgument.TryReadRadius(x, 3, out _width, out Unit));
    }

    private bool TryReadOption(Execution x, in Key key, ref int i)
    {
        int left = x.Args.Count - i - 1;
        if (x.Is(i, "WITHDIST"u8)) WithDistance = true;
        else if (x.Is(i, "WITHHASH"u8)) WithHash = true;
        else if (x.Is(i, "WITHCOORD"u8)) WithPosition = true;
        else if (x.Is(i, "ANY"u8)) IsAny = true;
        else if (x.Is(i, "ASC"u8)) Order = GeoOrder.NearestFirst;
        else if (x.Is(i, "DESC"u8)) Order = GeoOrder.FarthestFirst;
        else if (left >= 1 && x.Is(i, "COUNT"u8)) return TryReadCount(x, ++i);
        else if (Has(GeoForm.TakesStore) && left >= 1 && x.Is(i, "STORE"u8)) SetDestination(++i, storesDistances: false);
        else if (Has(GeoForm.TakesStore) && left >= 1 && x.Is(i, "STOREDIST"u8)) SetDestination(++i, storesDistances: true);
        else if (Has(GeoForm.Destination) && x.Is(i, "STOREDIST"u8)) StoresDistances = true;
        else if (Has(GeoForm.Search)) return TryReadCenter(x, in key, ref i, left, out bool isRead) && (isRead || TryReadOutline(x, ref i, left));
        else return RefuseSyntax(x);
        return true;
    }

    private void SetDestination(int argument, bool storesDistances)
    {
        Destination = argument;
        StoresDistances = storesDistances;
    }

    private bool TryReadCount(Execution x, int argument)
    {
        if (!x.TryInteger(argument, out Count)) return false;
        if (Count > 0) return true;
        x.Reply.Error("ERR COUNT must be > 0"u8);
        return false;
    }

    /// <summary>FROMMEMBER or FROMLONLAT, if that is what stands there.</summary>
    private bool TryReadCenter(Execution x, in Key key, ref int i, int left, out bool isRead)
    {
        bool isMember = left >= 1 && x.Is(i, "FROMMEMBER"u8);
        isRead = (isMember || (left >= 2 && x.Is(i, "FROMLONLAT"u8))) && _outline != Outline.Polygon && !IsOtherCenter(isMember);
        if (!isRead) return true;
        _hasCenter = true;
        _isMember = isMember;
        int argument = i + 1;
        i += isMember ? 1 : 2;
        if (!isMember) return GeoArgument.TryReadPosition(x, argument, out _center);
        return !key.Exists || GeoArgument.TryReadMember(x, in key, argument, out _center);
    }

    /// <summary>The centre was given, and in the other way.</summary>
    private readonly bool IsOtherCenter(bool isMember) => _hasCenter && _isMember != isMember;

    /// <summary>BYRADIUS, BYBOX or BYPOLYGON, or replies with an error.</summary>
    private bool TryReadOutline(Execution x, ref int i, int left)
    {
        if (left >= 2 && (_outline is Outline.None or Outline.Circle) && x.Is(i, "BYRADIUS"u8))
        {
            _outline = Outline.Circle;
            i += 2;
            return GeoArgument.TryReadRadius(x, i - 1, out _width, out Unit);
        }
        if (left >= 3 && (_outline is Outline.None or Outline.Box) && x.Is(i, "BYBOX"u8))
        {
            _outline = Outline.Box;
            i += 3;
            return GeoArgument.TryReadBox(x, i - 2, out _width, out _height, out Unit);
        }
        if (left >= 1 && _outline == Outline.None && !_hasCenter && x.Is(i, "BYPOLYGON"u8))
        {
            _outline = Outline.Polygon;
            return TryReadPolygon(x, ref i, left - 1);
        }
        return RefuseSyntax(x);
    }

    private bool TryReadPolygon(Execution x, ref int i, int left)
    {
        if (!x.TryInteger(++i, out long count)) return false;
        if (count < VerticesMin)
        {
            x.Reply.Error("ERR GEOSEARCH BYPOLYGON must have at least 3 vertices"u8);
            return false;
        }
        if (count > left / 2) return RefuseSyntax(x);
        var vertices = new GeoPosition[count];
        for (int vertex = 0; vertex < vertices.Length; vertex++, i += 2)
            if (!GeoArgument.TryReadPosition(x, i + 1, out vertices[vertex])) return false;
        Shape = GeoShape.Polygon(vertices);
        return true;
    }

    private readonly bool IsComplete(Execution x)
    {
        if (Destination > 0 && (WithDistance || WithHash || WithPosition))
        {
            string what = Has(GeoForm.Destination) ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS";
            x.Reply.Error($"ERR {what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
            return false;
        }
        if (!_hasCenter && _outline != Outline.Polygon) return RefuseMissing(x, "exactly one of FROMMEMBER or FROMLONLAT");
        if (_outline == Outline.None) return RefuseMissing(x, "exactly one of BYRADIUS and BYBOX");
        if (!IsAny || Count > 0) return true;
        x.Reply.Error("ERR the ANY argument requires COUNT argument"u8);
        return false;
    }

    /// <summary>The command is quoted as the client has written it.</summary>
    private static bool RefuseMissing(Execution x, string what)
    {
        string command = System.Text.Encoding.ASCII.GetString(x.Args[0]);
        x.Reply.Error($"ERR {what} can be specified for {command}");
        return false;
    }

    private static bool RefuseSyntax(Execution x)
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
