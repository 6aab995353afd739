using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of geo commands from a seed: places all over the earth, at its edges and close together, and areas of
/// every size. No two places are the same but at the corners, and COUNT is asked of other sets than those, since which of
/// several at the same distance come first is not said.
/// </summary>
public sealed class GeoStream(int seed)
{
    // g a set of places anywhere, h one without edges, m a member, p a longitude and latitude, i the same without edges, s a size, u a unit.
    private static readonly string[] Templates =
    [
        "GEOADD g p m", "GEOADD g p m", "GEOADD g p m p m p m", "GEOADD g NX p m", "GEOADD g XX CH p m", "GEOADD h i m", "GEOADD h i m i m i m",
        "GEOADD h CH i m", "ZREM g m", "ZREM h m m", "GEOPOS g m m", "GEOHASH g m m", "GEODIST g m m", "GEODIST h m m u",
        "GEOSEARCH g FROMMEMBER m BYRADIUS s u", "GEOSEARCH g FROMLONLAT p BYRADIUS s u ASC WITHDIST", "GEOSEARCH g FROMLONLAT p BYBOX s s u WITHHASH",
        "GEOSEARCH g FROMMEMBER m BYBOX s s u DESC WITHCOORD", "GEOSEARCH h FROMLONLAT p BYRADIUS s u COUNT 3 WITHDIST",
        "GEOSEARCH h FROMMEMBER m BYBOX s s u ASC COUNT 5", "GEOSEARCH h FROMLONLAT i BYRADIUS s u COUNT 4 ANY",
        "GEORADIUS g p s u WITHCOORD WITHDIST WITHHASH", "GEORADIUS_RO h i s u DESC", "GEORADIUSBYMEMBER g m s u", "GEORADIUSBYMEMBER_RO h m s u COUNT 2",
        "GEOSEARCHSTORE d g FROMLONLAT p BYRADIUS s u", "GEOSEARCHSTORE d h FROMMEMBER m BYBOX s s u STOREDIST", "GEORADIUS h i s u STOREDIST d",
        "GEORADIUSBYMEMBER g m s u STORE d", "ZRANGE d 0 -1 WITHSCORES", "ZCARD g", "OBJECT ENCODING g",
    ];

    private readonly Random _random = new(seed);

    public byte[][] Next() =>
        [.. Pick(Templates).Split(' ').SelectMany(Fill).Select(Encoding.ASCII.GetBytes)];

    private string[] Fill(string word) => word switch
    {
        "m" => [$"m{_random.Next(400)}"],
        "p" => [Number(Pick([Anywhere(180), Anywhere(180), Near(15), 180, -180, 0])), Number(Pick([Anywhere(85), Anywhere(85), Near(40), 85.05112878, -85.05112878, 0]))],
        "i" => [Number(Pick([Anywhere(179), Near(15)])), Number(Pick([Anywhere(80), Near(40)]))],
        "s" => [Number(Pick([Math.Pow(10, _random.NextDouble() * 4), Math.Pow(10, _random.NextDouble() * 8), 0]))],
        "u" => [Pick(["m", "km", "ft", "mi", "KM"])],
        _ => [word],
    };

    private double Anywhere(double limit) => (_random.NextDouble() * 2 - 1) * limit;

    private double Near(double center) => center + _random.NextDouble() * 5;

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
