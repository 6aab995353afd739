using System.Globalization;

namespace Galley.Store.Configuration;

/// <summary><c>maxmemory-clients</c>: bytes, or a part of <c>maxmemory</c> in percent. Zero: no limit.</summary>
/// <param name="Raw">Bytes; or, below zero, percent, which is how redis-server keeps it.</param>
public sealed record MemoryOrPercent(long Raw) : IParameterValue<MemoryOrPercent>
{
    private const int PercentMax = 100;
    private const string NotAValue = "argument must be a memory or percent value";

    public static MemoryOrPercent None { get; } = new(0);

    public static bool TakesMany => false;

    public string Text => Raw < 0 ? $"{-Raw}%" : $"{Raw}";

    /// <summary>The limit in bytes under the <c>maxmemory</c> given; zero where there is none.</summary>
    public long BytesOf(long maxMemory) => Raw >= 0 ? Raw : (long)((Int128)maxMemory * -Raw / PercentMax);

    public IEnumerable<WrittenLine> Lines(MemoryOrPercent standard) =>
        [new(Raw < 0 ? Text : MemorySize.Shortened((ulong)Raw), IsNeeded: !Equals(standard))];

    public static string? Parse(ReadOnlySpan<string> words, MemoryOrPercent current, bool adds, out MemoryOrPercent value)
    {
        value = current;
        string word = words[0];
        if (word.EndsWith('%'))
        {
            if (!uint.TryParse(word.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out uint percent))
                return NotAValue;
            value = new MemoryOrPercent(-percent);
        }
        else
        {
            if (!MemorySize.TryParse(word, out ulong bytes)) return NotAValue;
            // What passes 63 bits turns negative, and so into percent, as it does in redis-server.
            value = new MemoryOrPercent(unchecked((long)bytes));
        }
        return value.Raw < -PercentMax ? $"percentage argument must be less or equal to {PercentMax}" : null;
    }
}
