namespace Galley.Store.Configuration;

/// <summary>After how many seconds and changes a snapshot is due: <c>900 1 300 10</c>. Empty: never.</summary>
public sealed record SavePoints(IReadOnlyList<SavePoint> Points) : IParameterValue<SavePoints>
{
    private const string Invalid = "Invalid save parameters";

    public static SavePoints Default { get; } = new([new(3600, 1), new(300, 100), new(60, 10000)]);

    public static bool TakesMany => true;

    public string Text => string.Join(' ', Points.Select(point => $"{point.Seconds} {point.Changes}"));

    /// <summary>One line a point; redis-server writes them in any case, for its default is not "none".</summary>
    public IEnumerable<WrittenLine> Lines(SavePoints standard) => Points.Count == 0
        ? [new("\"\"", IsNeeded: true)]
        : Points.Select(point => new WrittenLine($"{point.Seconds} {point.Changes}", IsNeeded: true));

    public bool Equals(SavePoints? other) => other is not null && Points.SequenceEqual(other.Points);

    public override int GetHashCode() => Points.Count;

    /// <summary>Lines of one start add up, as in redis-server, but that an empty one forgets those before it.</summary>
    public static string? Parse(ReadOnlySpan<string> words, SavePoints current, bool adds, out SavePoints value)
    {
        value = current;
        if (words.Length % 2 != 0) return Invalid;
        var points = new List<SavePoint>(adds && words.Length > 0 ? current.Points : []);
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!CNumber.TryParse(words[i], out long seconds) || seconds < 1) return Invalid;
            if (!CNumber.TryParse(words[i + 1], out long changes) || changes is < 0 or > int.MaxValue) return Invalid;
            points.Add(new SavePoint(seconds, (int)changes));
        }
        value = new SavePoints(points);
        return null;
    }
}

public readonly record struct SavePoint(long Seconds, int Changes);
