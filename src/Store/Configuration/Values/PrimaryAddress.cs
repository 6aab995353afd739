using System.Globalization;

namespace Galley.Store.Configuration;

/// <summary><c>replicaof</c>: whose replica the server is; an empty host for nobody's.</summary>
public sealed record PrimaryAddress(string Host, int Port) : IParameterValue<PrimaryAddress>
{
    public static PrimaryAddress None { get; } = new("", 0);

    public static bool TakesMany => true;

    public string Text => Host.Length == 0 ? "" : $"{Host} {Port}";

    public IEnumerable<WrittenLine> Lines(PrimaryAddress standard) => Host.Length == 0 ? [] : [new(Text, IsNeeded: true)];

    public static string? Parse(ReadOnlySpan<string> words, PrimaryAddress current, bool adds, out PrimaryAddress value)
    {
        value = None;
        if (words.Length != 2) return "wrong number of arguments";
        bool isNobody = words[0].Equals("no", StringComparison.OrdinalIgnoreCase) && words[1].Equals("one", StringComparison.OrdinalIgnoreCase);
        if (isNobody) return null;
        if (!int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
            return "Invalid master port";
        value = new PrimaryAddress(words[0], port);
        return null;
    }
}
