namespace Galley.Conformance.Models.Families;

/// <summary>
/// Places all over the earth, at its edges and close together, and areas of every size. No two places are the same but at
/// the corners, and COUNT is asked of other sets than those, since which of several at the same distance come first is
/// not said.
/// </summary>
public sealed class GeoFamily : Family
{
    public override string Name => "geo";

    public override int Weight => 5;

    // g a set of places anywhere, h one without edges, m a member, p a longitude and latitude, i the same without edges, s a size, u a unit.
    protected override string[] Growing =>
    [
        "GEOADD g p m", "GEOADD g p m", "GEOADD g p m p m p m", "GEOADD g NX p m", "GEOADD g XX CH p m", "GEOADD h i m",
        "GEOADD h i m i m i m", "GEOADD h CH i m",
    ];

    protected override string[] Shrinking =>
    [
        "ZREM g m", "ZREM h m m", "ZPOPMIN h", "ZREM g m m m",
    ];

    protected override string[] Clearing => ["DEL g", "DEL h"];

    protected override string[] Asking =>
    [
        "GEOPOS g m m", "GEOHASH g m m", "GEODIST g m m", "GEODIST h m m u", "GEOSEARCH g FROMMEMBER m BYRADIUS s u",
        "GEOSEARCH g FROMLONLAT p BYRADIUS s u ASC WITHDIST", "GEOSEARCH g FROMLONLAT p BYBOX s s u WITHHASH",
        "GEOSEARCH g FROMMEMBER m BYBOX s s u DESC WITHCOORD", "GEOSEARCH h FROMLONLAT p BYRADIUS s u COUNT 3 WITHDIST",
        "GEOSEARCH h FROMMEMBER m BYBOX s s u ASC COUNT 5", "GEOSEARCH h FROMLONLAT i BYRADIUS s u COUNT 4 ANY",
        "GEORADIUS g p s u WITHCOORD WITHDIST WITHHASH", "GEORADIUS_RO h i s u DESC", "GEORADIUSBYMEMBER g m s u",
        "GEORADIUSBYMEMBER_RO h m s u COUNT 2", "GEOSEARCHSTORE d g FROMLONLAT p BYRADIUS s u",
        "GEOSEARCHSTORE d h FROMMEMBER m BYBOX s s u STOREDIST", "GEORADIUS h i s u STOREDIST d", "GEORADIUSBYMEMBER g m s u STORE d",
        "ZRANGE d 0 -1 WITHSCORES", "ZCARD g", "OBJECT ENCODING g",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "g" or "h" => [Draw.Text($"geo{word}")],
        "d" => [Draw.Text("geod")],
        "m" => [Draw.Text($"m{draw.Skewed(300)}")],
        "p" =>
        [
            Draw.Text(draw.Pick(Anywhere(draw, 180), Anywhere(draw, 180), Near(draw, 15), 180, -180, 0)),
            Draw.Text(draw.Pick(Anywhere(draw, 85), Anywhere(draw, 85), Near(draw, 40), 85.05112878, -85.05112878, 0)),
        ],
        "i" => [Draw.Text(draw.Pick(Anywhere(draw, 179), Near(draw, 15))), Draw.Text(draw.Pick(Anywhere(draw, 80), Near(draw, 40)))],
        "s" => [Draw.Text(draw.Pick(Math.Pow(10, draw.Fraction() * 4), Math.Pow(10, draw.Fraction() * 8), 0))],
        "u" => [Draw.Text(draw.Pick("m", "km", "ft", "mi", "KM"))],
        _ => FillCommon(word, draw),
    };

    private static double Anywhere(Draw draw, double limit) => (draw.Fraction() * 2 - 1) * limit;

    private static double Near(Draw draw, double center) => center + draw.Fraction() * 5;
}
