using System.Globalization;

namespace Galley.LoadTests;

/// <summary>What was asked for on the command line, as pairs of <c>--name value</c>.</summary>
public sealed class Options(string[] words)
{
    private readonly Dictionary<string, string> _values =
        words.Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public double Seconds(double otherwise) =>
        _values.TryGetValue("seconds", out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string[] List(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise).Split(',');

    public bool IsSet(string name) => _values.GetValueOrDefault(name) is "yes";

    public bool Picks(string server) => !_values.TryGetValue("only", out string? only) || only.Split(',').Contains(server);

    public override string ToString() => string.Join(' ', words);
}
