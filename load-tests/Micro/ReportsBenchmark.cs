using System.Globalization;
using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Memory;

namespace Galley.LoadTests.Micro;

/// <summary>
/// What the figures of keys cost where they are kept: counting an operation by prefix, and writing keys whose sizes are
/// counted beside the same without that.
/// </summary>
internal sealed class ReportsBenchmark : IDisposable
{
    private const int Operations = 4096;
    private const int KeyCount = 1024;

    /// <summary>Many short ones: on a busy machine some of them are left alone.</summary>
    private const int Rounds = 3000;

    private readonly Databases _space = new(1, 1, new KeyspaceClock(TimeProvider.System), new Arena(), new Settings());
    private readonly byte[][] _keys = [.. Enumerable.Range(0, KeyCount).Select(i => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key:{i:D12}")))];
    private readonly BlockRef[] _entries;
    private readonly int[] _order = [.. new Random(1).GetItems<int>([.. Enumerable.Range(0, KeyCount)], Operations)];
    private long _seen;

    private ReportsBenchmark() => _entries = [.. Enumerable.Range(0, KeyCount).Select(_ => NewEntry())];

    public static void Run()
    {
        CountPrefixes("key:123", 1);
        CountPrefixes("user:123", 20);
        CountPrefixes("customers:123", 20);
        CountPrefixes("customers-of-mine:123", 200);
        CountPrefixes("none", 0);
        using var benchmark = new ReportsBenchmark();
        benchmark.WriteKeys();
    }

    public void Dispose() => _space.Dispose();

    private static void CountPrefixes(string key, int prefixes)
    {
        var table = new PrefixTable(new Settings());
        byte[][] keys = [.. Enumerable.Range(0, Math.Max(1, prefixes)).Select(i => Encoding.ASCII.GetBytes(prefixes < 2 ? key : (char)('a' + (i % 26)) + $"{(char)('a' + (i / 26))}{key[2..]}"))];
        byte[][] drawn = new Random(1).GetItems(keys, 4096);
        double nanoseconds = Best(() =>
        {
            for (int i = 0; i < Operations; i++) table.CountOperation(drawn[i & 4095]);
        });
        Measure.Print($"prefix: an operation on {key} of {prefixes}", nanoseconds, "ns");
    }

    private void WriteKeys()
    {
        byte[] value = new byte[32];
        Measure.Print("sizes: SET of 32 B, counted", Best(() => Write(value)), "ns");
        Measure.Print("sizes: what counting has of it", Best(() => Replace(counts: true)) - Best(() => Replace(counts: false)), "ns");
        double read = Best(() => Read(counts: false));
        double counted = Best(() => Read(counts: true));
        Measure.Print("sizes: what counting has of another change", counted - read, "ns");
    }

    private void Write(byte[] value)
    {
        foreach (int i in _order)
        {
            Key key = _space[0].Open(_keys[i]);
            key.PutString(value, Database.NoExpiry);
            _space.Arena.EndTurn();
        }
    }

    /// <summary>Reads the head of each entry, as whoever changes it has; then the ledger notes it, and settles the one before.</summary>
    private void Read(bool counts)
    {
        foreach (int i in _order)
        {
            BlockRef block = _entries[i];
            EntryShape shape = EntryShape.Read(_space.Arena, block);
            _seen += shape.ValueLength;
            if (counts) _space.SizeLedger.Open(_space[0].KeptSizes, block, shape);
        }
    }

    /// <summary>The same for a string that is written over.</summary>
    private void Replace(bool counts)
    {
        foreach (int i in _order)
        {
            BlockRef block = _entries[i];
            EntryShape shape = EntryShape.Read(_space.Arena, block);
            _seen += shape.ValueLength;
            if (counts) _space.SizeLedger.Replace(_space[0].KeptSizes, block, shape, EntryFlags.None, 32);
        }
    }

    private static double Best(Action loop)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Rounds; i++) best = Math.Min(best, Measure.Once(Operations, loop));
        return best;
    }

    /// <summary>An entry of a string of 32 bytes.</summary>
    private BlockRef NewEntry()
    {
        var shape = new EntryShape(EntryFlags.None, 16, 32);
        BlockRef block = _space.Arena.Allocate(shape.TotalBytes);
        shape.WriteTo(_space.Arena.Span(block, shape.TotalBytes));
        return block;
    }
}
