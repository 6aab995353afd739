using System.Globalization;

namespace Galley.Store.Configuration;

/// <summary><c>latency-tracking-info-percentiles</c>: which ones INFO latencystats shows, in this order.</summary>
public sealed record Percentiles(IReadOnlyList<double> Values) : IParameterValue<Percentiles>
{
    private const string Name = "latency-tracking-info-percentiles";

    public static Percentiles Default { get; } = new([50, 99, 99.9]);

    public static bool TakesMany => true;

    /// <summary>Six places at most, without zeros at the end.</summary>
    public string Text => string.Join(' ', Values.Select(value => value.ToString("0.######", CultureInfo.InvariantCulture)));

    /// <summary>redis-server writes the line in any case.</summary>
    public IEnumerable<WrittenLine> Lines(Percentiles standard) => [new(Values.Count == 0 ? "\"\"" : Text, IsNeeded: true)];

    public bool Equals(Percentiles? other) => other is not null && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Count;

    public static string? Parse(ReadOnlySpan<string> words, Percentiles current, bool adds, out Percentiles value)
    {
        value = current;
        var values = new List<double>(words.Length);
        foreach (string word in words)
        {
            if (!CNumber.TryParse(word, out double percentile)) return $"Invalid {Name} parameters";
            if (percentile is not (>= 0 and <= 100)) return $"{Name} parameters should sit between [0.0,100.0]";
            values.Add(percentile);
        }
        value = new Percentiles(values);
        return null;
    }
}
