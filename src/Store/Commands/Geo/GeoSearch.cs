using Galley.Resp.Protocol;
using Galley.Store.Commands.SortedSets;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

/// <summary>GEOSEARCH and GEOSEARCHSTORE, and the GEORADIUS commands from before them.</summary>
internal static class GeoSearch
{
    private const string Cost = "O(N + log M) for N members in the box around the area, of M";
    private const string Units = "(M | KM | FT | MI)";
    private const string With = "[WITHCOORD] [WITHDIST] [WITHHASH]";
    private const string Counted = "[(COUNT count:integer) [ANY]]";
    private const string Ordered = "[ASC | DESC]";
    private const string Stores = "[STORE key] [STOREDIST key]";
    private const string Around = "key longitude:double latitude:double radius:double " + Units + " " + With + " " + Counted + " " + Ordered;
    private const string AroundMember = "key member radius:double " + Units + " " + With + " " + Counted + " " + Ordered;

    private const string Area = "[FROMMEMBER member | FROMLONLAT longitude:double latitude:double] "
        + "((BYRADIUS radius:double) " + Units + " | (BYBOX width:double) height:double " + Units
        + " | BYPOLYGON vertices:integer (longitude:double latitude:double)...)";

    [Command("GEORADIUS", Around + " " + Stores, Group.Geo, Flags.Write | Flags.DenyOom, Since = "3.2.0", Cost = Cost,
        Keys = "RO ACCESS; OW UPDATE LAST; OW UPDATE LAST", DeprecatedSince = "6.2.0",
        ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument", Summary = "Finds the members around a position.")]
    public static void Radius(Execution x) => Run(x, GeoForm.Radius | GeoForm.TakesStore);

    [Command("GEORADIUS_RO", Around, Group.Geo, Flags.ReadOnly, Since = "3.2.10", Cost = Cost, DeprecatedSince = "6.2.0",
        ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` argument", Summary = "Finds the members around a position, and never stores them.")]
    public static void RadiusReadOnly(Execution x) => Run(x, GeoForm.Radius);

    [Command("GEORADIUSBYMEMBER", AroundMember + " " + Stores, Group.Geo, Flags.Write | Flags.DenyOom, Since = "3.2.0", Cost = Cost,
        Keys = "RO ACCESS; OW UPDATE LAST; OW UPDATE LAST", DeprecatedSince = "6.2.0",
        ReplacedBy = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
        Summary = "Finds the members around a member.")]
    public static void RadiusByMember(Execution x) => Run(x, GeoForm.RadiusByMember | GeoForm.TakesStore);

    [Command("GEORADIUSBYMEMBER_RO", AroundMember, Group.Geo, Flags.ReadOnly, Since = "3.2.10", Cost = Cost, DeprecatedSince = "6.2.0",
        ReplacedBy = "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
        Summary = "Finds the members around a member, and never stores them.")]
    public static void RadiusByMemberReadOnly(Execution x) => Run(x, GeoForm.RadiusByMember);

    [Command("GEOSEARCH", "key " + Area + " " + Ordered + " " + Counted + " " + With, Group.Geo, Flags.ReadOnly, Since = "6.2.0", Cost = Cost,
        Arity = -7, Summary = "Finds the members in a circle, a box or a polygon.")]
    public static void Search(Execution x) => Run(x, GeoForm.Search);

    [Command("GEOSEARCHSTORE", "destination:key source:key " + Area + " " + Ordered + " " + Counted + " [STOREDIST]", Group.Geo,
        Flags.Write | Flags.DenyOom, Since = "6.2.0", Cost = Cost, Arity = -8, Keys = "OW UPDATE; RO ACCESS",
        Summary = "Stores the members in a circle, a box or a polygon in another key.")]
    public static void SearchStore(Execution x) => Run(x, GeoForm.Search | GeoForm.Destination);

    private static void Run(Execution x, GeoForm form)
    {
        if (!SortedSetArgument.TryRead(x, GeoQuery.SourceOf(form), out Key key)) return;
        if (!GeoQuery.TryRead(x, form, in key, out GeoQuery query)) return;
        if (!key.Exists)
        {
            if (query.Destination > 0) StoredResult.Delete(x, query.Destination);
            else x.Reply.Array(0);
            return;
        }
        using var matches = new GeoMatches();
        matches.Search(in key, in query.Shape, query.IsAny ? query.Count : 0);
        matches.Sort(query.Order);
        ReadOnlySpan<GeoMatch> wanted = matches.Span;
        if (query.Count > 0 && query.Count < wanted.Length) wanted = wanted[..(int)query.Count];
        if (query.Destination > 0) Store(x, in key, in query, wanted, form);
        else Tell(x.Reply, in key, in query, wanted);
    }

    private static void Tell(RespWriter reply, in Key key, in GeoQuery query, ReadOnlySpan<GeoMatch> matches)
    {
        int options = (query.WithDistance ? 1 : 0) + (query.WithHash ? 1 : 0) + (query.WithPosition ? 1 : 0);
        reply.Array(matches.Length);
        foreach (GeoMatch match in matches)
        {
            if (options > 0) reply.Array(1 + options);
            MemberAt(in key, match.Rank).SendTo(reply);
            if (query.WithDistance) GeoArgument.SendDistance(reply, match.DistanceMetres / query.Unit);
            if (query.WithHash) reply.Integer((long)match.Score);
            if (query.WithPosition) GeoArgument.SendPosition(reply, match.Position);
        }
    }

    private static void Store(Execution x, in Key key, in GeoQuery query, ReadOnlySpan<GeoMatch> matches, GeoForm form)
    {
        using var result = new SortedSetDraft(x.Server.Databases);
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        foreach (GeoMatch match in matches)
        {
            double score = query.StoresDistances ? match.DistanceMetres / query.Unit : match.Score;
            result.Add(MemberAt(in key, match.Rank).TextIn(digits), score);
        }
        result.Sort();
        SortedSetStore.Put(x, query.Destination, result, (form & GeoForm.Destination) != 0 ? "geosearchstore"u8 : "georadiusstore"u8);
    }

    private static ListPackElement MemberAt(in Key key, long rank)
    {
        SortedWalk walk = SortedSetValue.Walk(in key, rank);
        walk.TryNext(out ListPackElement member, out _);
        return member;
    }
}
