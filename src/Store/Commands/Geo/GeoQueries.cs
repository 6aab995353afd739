using Galley.Store.Commands.SortedSets;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

/// <summary>GEOPOS, GEOHASH and GEODIST: where members are, and how far from each other.</summary>
internal static class GeoQueries
{
    [Command("GEOPOS", "key member [member ...]", Group.Geo, Flags.ReadOnly, Since = "3.2.0", Cost = "O(1) for each member", Arity = -2,
        Summary = "Tells the positions of members.")]
    public static void Positions(Execution x)
    {
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (GeoArgument.TryGetPosition(in key, x.Args[i], out GeoPosition position)) GeoArgument.SendPosition(x.Reply, position);
            else x.Reply.NullArray();
        }
    }

    [Command("GEOHASH", "key member [member ...]", Group.Geo, Flags.ReadOnly, Since = "3.2.0", Cost = "O(1) for each member", Arity = -2,
        Summary = "Tells the positions of members as geohashes.")]
    public static void Hashes(Execution x)
    {
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        x.Reply.Array(x.Args.Count - 2);
        Span<byte> text = stackalloc byte[GeoHash.TextLength];
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (!SortedSetValue.TryGetScore(in key, x.Args[i], out double score))
            {
                x.Reply.Null();
                continue;
            }
            GeoHash.FromScore(score).WriteText(text);
            x.Reply.Bulk(text);
        }
    }

    [Command("GEODIST", "key member1 member2 [M | KM | FT | MI]", Group.Geo, Flags.ReadOnly, Since = "3.2.0", Cost = "O(1)",
        Summary = "Tells how far two members are from each other.")]
    public static void Distance(Execution x)
    {
        if (x.Args.Count > 5)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        double unit = 1;
        if (x.Args.Count == 5 && !GeoArgument.TryReadUnit(x, 4, out unit)) return;
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        bool areThere = GeoArgument.TryGetPosition(in key, x.Args[2], out GeoPosition from)
            & GeoArgument.TryGetPosition(in key, x.Args[3], out GeoPosition to);
        if (areThere) GeoArgument.SendDistance(x.Reply, Earth.Distance(from, to) / unit);
        else x.Reply.Null();
    }
}
