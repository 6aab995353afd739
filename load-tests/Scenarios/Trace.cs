using System.Globalization;

namespace Galley.LoadTests;

/// <summary>The keys that a cache is asked for, in their order; the same for every server.</summary>
public sealed record Trace(string Name, int[] Keys)
{
    /// <summary>So many keys are there for each that is kept.</summary>
    public const int KeysPerKept = 10;

    /// <summary>A scan asks for so many keys that nobody asks for again, once for every so many requests.</summary>
    private const int ScanShare = 10;
    private const int ScansPerTrace = 6;

    /// <summary>A trace by its name: <c>zipf-0.9</c> with this exponent, <c>+scan</c> with sequential passes over keys asked for once.</summary>
    /// <param name="kept">Keys that the cache keeps.</param>
    public static Trace Make(string name, int kept, int requests)
    {
        string[] parts = name.Split('+');
        double exponent = double.Parse(parts[0].AsSpan("zipf-".Length), CultureInfo.InvariantCulture);
        var random = new Random(20261130);
        int[] keys = Zipf(kept * KeysPerKept, exponent, requests, random);
        if (parts.Length > 1) Pollute(keys, kept * KeysPerKept);
        return new Trace(name, keys);
    }

    private static int[] Zipf(int count, double exponent, int requests, Random random)
    {
        double[] sums = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++) sums[rank] = sum += 1 / Math.Pow(rank + 1, exponent);
        // Which key is popular has nothing to do with its name.
        int[] names = [.. Enumerable.Range(0, count)];
        random.Shuffle(names);
        int[] keys = new int[requests];
        for (int i = 0; i < requests; i++)
        {
            int rank = Array.BinarySearch(sums, random.NextDouble() * sum);
            keys[i] = names[Math.Min(rank < 0 ? ~rank : rank, count - 1)];
        }
        return keys;
    }

    private static void Pollute(int[] keys, int firstFree)
    {
        int length = keys.Length / ScansPerTrace / ScanShare * 3;
        for (int scan = 0; scan < ScansPerTrace; scan++)
        {
            int from = (scan * 2 + 1) * keys.Length / (2 * ScansPerTrace);
            for (int i = 0; i < length && from + i < keys.Length; i++) keys[from + i] = firstFree++;
        }
    }
}
