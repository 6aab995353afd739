using System.Globalization;

namespace Galley.Store.Configuration;

/// <summary>After how many seconds and changes a snapshot is due: <c>900 1 300 10</c>. Empty: never.</summary>
public sealed record SavePoints(IReadOnlyList<SavePoint> Points) : IParameterValue<SavePoints>
{
    private const string Invalid = "Invalid save parameters";

    public static SavePoints Default { get; } = new([new(3600, 1), new(300, 100), new(60, 10000)]);

    public static bool TakesMany => true;

    public string Text => string.Join(' ', Points.Select(point => $"{point.Seconds} {point.Changes}"));

    /// <summary>Lines of one start add up, as in redis-server, but that an empty one forgets those before it.</summary>
    public static string? Parse(ReadOnlySpan<string> words, SavePoints current, bool adds, out SavePoints value)
    {
        value = current;
        if (words.Length % 2 != 0) return Invalid;
        var points = new List<SavePoint>(adds && words.Length > 0 ? current.Points : []);
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!TryRead(words[i], 1, out int seconds) || !TryRead(words[i + 1], 0, out int changes)) return Invalid;
            points.Add(new SavePoint(seconds, changes));
        }
        value = new SavePoints(points);
        return null;
    }

    private static bool TryRead(string word, int min, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min;
}

public readonly record struct SavePoint(int Seconds, int Changes);
