using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

/// <summary>Positions, lengths and units as geo commands take them, with redis-server's errors.</summary>
internal static class GeoArgument
{
    /// <summary>A longitude and a latitude, or replies with an error.</summary>
    public static bool TryReadPosition(Execution x, int argument, out GeoPosition position)
    {
        position = default;
        if (!x.TryDouble(argument, out double longitude) || !x.TryDouble(argument + 1, out double latitude)) return false;
        position = new GeoPosition(longitude, latitude);
        if (position.IsInRange) return true;
        Span<byte> text = stackalloc byte[Numbers.FixedBytesMax];
        string first = Encoding.ASCII.GetString(text[..Numbers.FormatFixed(longitude, text)]);
        string second = Encoding.ASCII.GetString(text[..Numbers.FormatFixed(latitude, text)]);
        x.Reply.Error($"ERR invalid longitude,latitude pair {first},{second}");
        return false;
    }

    /// <summary>The position of a member, or replies with an error.</summary>
    public static bool TryReadMember(Execution x, in Key key, int argument, out GeoPosition position)
    {
        if (TryGetPosition(in key, x.Args[argument], out position)) return true;
        x.Reply.Error("ERR could not decode requested zset member"u8);
        return false;
    }

    /// <summary>The position of a member; false if it is not there.</summary>
    public static bool TryGetPosition(in Key key, ReadOnlySpan<byte> member, out GeoPosition position)
    {
        bool isThere = SortedSetValue.TryGetScore(in key, member, out double score);
        position = isThere ? GeoHash.FromScore(score).Area.Center : default;
        return isThere;
    }

    /// <summary>How many metres a unit has, or replies with an error.</summary>
    public static bool TryReadUnit(Execution x, int argument, out double metres)
    {
        if (x.Is(argument, "M"u8)) metres = 1;
        else if (x.Is(argument, "KM"u8)) metres = 1000;
        else if (x.Is(argument, "FT"u8)) metres = 0.3048;
        else if (x.Is(argument, "MI"u8)) metres = 1609.34;
        else metres = 0;
        if (metres > 0) return true;
        x.Reply.Error("ERR unsupported unit provided. please use M, KM, FT, MI"u8);
        return false;
    }

    /// <summary>A radius and its unit, or replies with an error.</summary>
    public static bool TryReadRadius(Execution x, int argument, out double radiusMetres, out double unit)
    {
        unit = 0;
        if (!TryReadLength(x, argument, "ERR need numeric radius"u8, out radiusMetres)) return false;
        if (radiusMetres < 0)
        {
            x.Reply.Error("ERR radius cannot be negative"u8);
            return false;
        }
        if (!TryReadUnit(x, argument + 1, out unit)) return false;
        radiusMetres *= unit;
        return true;
    }

    /// <summary>A width, a height and their unit, or replies with an error.</summary>
    public static bool TryReadBox(Execution x, int argument, out double widthMetres, out double heightMetres, out double unit)
    {
        (heightMetres, unit) = (0, 0);
        if (!TryReadLength(x, argument, "ERR need numeric width"u8, out widthMetres)) return false;
        if (!TryReadLength(x, argument + 1, "ERR need numeric height"u8, out heightMetres)) return false;
        if (widthMetres < 0 || heightMetres < 0)
        {
            x.Reply.Error("ERR height or width cannot be negative"u8);
            return false;
        }
        if (!TryReadUnit(x, argument + 2, out unit)) return false;
        (widthMetres, heightMetres) = (widthMetres * unit, heightMetres * unit);
        return true;
    }

    /// <summary>Replies with a distance as a bulk string with four decimals.</summary>
    public static void SendDistance(RespWriter reply, double distance)
    {
        Span<byte> text = stackalloc byte[Numbers.IntegerBytesMax + 1];
        reply.Bulk(text[..Numbers.FormatDistance(distance, text)]);
    }

    /// <summary>Replies with a position as an array of two numbers.</summary>
    public static void SendPosition(RespWriter reply, GeoPosition position)
    {
        reply.Array(2);
        reply.HumanDouble(position.Longitude);
        reply.HumanDouble(position.Latitude);
    }

    private static bool TryReadLength(Execution x, int argument, ReadOnlySpan<byte> error, out double length)
    {
        if (Numbers.TryParseDouble(x.Args[argument], out length)) return true;
        x.Reply.Error(error);
        return false;
    }
}
