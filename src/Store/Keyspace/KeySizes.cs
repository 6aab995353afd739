using System.Globalization;
using System.Numerics;
using System.Text;

namespace Galley.Store.Keyspace;

/// <summary>
/// How many keys of a database have values of which size, by type, in powers of two: INFO keysizes. A string's size is
/// its bytes, a collection's its elements; streams are not counted, as in Redis 8. <see cref="SizeLedger"/> keeps it exact.
/// <code>
///   bin   type 3 bits | 6 bits: 0 is size 0, n is from 2^(n-1) to 2^n - 1
/// </code>
/// </summary>
internal sealed class KeySizes
{
    /// <summary>The bin of what is not counted: a key that is not there, a stream.</summary>
    public const int NoBin = -1;

    private const int SizeBits = 6;
    private const int Sizes = 1 << SizeBits;
    private const int Counted = (int)KeyType.Hash + 1;

    private static readonly (KeyType Type, string Name)[] Fields =
    [
        (KeyType.String, "strings_sizes"), (KeyType.List, "lists_items"), (KeyType.Set, "sets_items"),
        (KeyType.SortedSet, "zsets_items"), (KeyType.Hash, "hashes_items"),
    ];

    private readonly long[] _counts = new long[Counted * Sizes];

    public static int BinOf(KeyType type, long size) =>
        (int)type >= Counted ? NoBin : ((int)type << SizeBits) | (64 - BitOperations.LeadingZeroCount((ulong)size));

    /// <summary>A value has become of another size, or has come or gone.</summary>
    public void Move(int from, int to)
    {
        if (from >= 0) _counts[from]--;
        if (to >= 0) _counts[to]++;
    }

    public void Clear() => _counts.AsSpan().Clear();

    /// <summary>The types that have keys, each with its sizes as INFO prints them: <c>1=3,2=1,1K=7</c>.</summary>
    public IEnumerable<(string Name, string Sizes)> Lines()
    {
        foreach ((KeyType type, string name) in Fields)
        {
            string sizes = Line(_counts.AsSpan((int)type << SizeBits, Sizes));
            if (sizes.Length > 0) yield return (name, sizes);
        }
    }

    private static string Line(ReadOnlySpan<long> counts)
    {
        var line = new StringBuilder();
        for (int size = 0; size < counts.Length; size++)
        {
            if (counts[size] == 0) continue;
            if (line.Length > 0) line.Append(',');
            line.Append(CultureInfo.InvariantCulture, $"{Label(size)}={counts[size]}");
        }
        return line.ToString();
    }

    /// <summary>The least of the sizes that stand together.</summary>
    private static string Label(int size)
    {
        if (size == 0) return "0";
        int power = size - 1;
        string unit = (power / 10) switch { 0 => "", 1 => "K", 2 => "M", 3 => "G", 4 => "T", 5 => "P", _ => "E" };
        return (1 << (power % 10)).ToString(CultureInfo.InvariantCulture) + unit;
    }
}
