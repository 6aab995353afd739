using System.Text;

namespace Galley.Api.Typed;

/// <summary>
/// The names of fields, from those of the grammar: <c>unix-time-seconds</c> is <c>unixTimeSeconds</c>, <c>IFEQ</c> is
/// <c>ifeq</c>, what is repeated has its plural. A name that is taken gets a number: <c>left</c>, <c>left2</c>.
/// </summary>
internal sealed class FieldNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Take(string name)
    {
        string free = name;
        for (int number = 2; !_taken.Add(free); number++) free = $"{name}{number}";
        return free;
    }

    public static string Of(string word)
    {
        var name = new StringBuilder(word.Length);
        bool startsPart = false;
        foreach (char letter in word)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                startsPart = name.Length > 0;
                continue;
            }
            name.Append(startsPart ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));
            startsPart = false;
        }
        return name.Length > 0 ? name.ToString() : OfSign(word);
    }

    public static string Plural(string name)
    {
        if (name.EndsWith('s')) return name;
        bool endsWithConsonantAndY = name.Length > 1 && name[^1] == 'y' && !"aeiou".Contains(name[^2], StringComparison.Ordinal);
        if (endsWithConsonantAndY) return name[..^1] + "ies";
        bool hisses = name.EndsWith('x') || name.EndsWith("ch", StringComparison.Ordinal) || name.EndsWith("sh", StringComparison.Ordinal);
        return name + (hisses ? "es" : "s");
    }

    /// <summary>Tokens without a letter, by what they mean in the commands that have them.</summary>
    private static string OfSign(string sign) => sign switch
    {
        "" => "empty",
        "=" => "exact",
        "~" => "approximate",
        "*" => "auto",
        "$" => "last",
        ">" => "undelivered",
        "+" => "highest",
        "-" => "lowest",
        _ => "sign",
    };
}
