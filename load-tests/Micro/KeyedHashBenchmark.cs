using Galley.Store.Types;

namespace Galley.LoadTests.Micro;

/// <summary>SipHash-1-3 of keys as long as keys are; each waits for the one before, as a look-up does.</summary>
internal static class KeyedHashBenchmark
{
    private const int Operations = 1_000_000;

    public static void Run()
    {
        var hashing = KeyedHash.Create();
        foreach (int length in (int[])[8, 11, 16, 40, 64, 512])
        {
            byte[] key = new byte[length];
            ulong sum = 0;
            double time = Measure.NanosecondsAn(Operations, () =>
            {
                for (int i = 0; i < Operations; i++)
                {
                    key[0] = (byte)sum;
                    sum = hashing.Of(key);
                }
            });
            Measure.Print($"hash of {length} bytes", time, "ns");
        }
    }
}
