using Galley.Store.Memory;
using Galley.Store.Types;
using Table = Galley.Store.Types.HashTable<Galley.LoadTests.Micro.ElementLayout>;

namespace Galley.LoadTests.Micro;

/// <summary>Look-ups, insertions, removals and scans at four sizes; times are with the hash of the key.</summary>
internal sealed class TableBenchmark(int count) : IDisposable
{
    private const int Operations = 1_000_000;

    private readonly Arena _arena = new(1L << 36, aheadBytes: 4 << 20, useHugePages: GrowthBenchmark.UseHugePages);
    private readonly KeyedHash _hashing = KeyedHash.Create();
    private readonly Random _random = new(1);
    private readonly int[] _numbers = new int[Operations];
    private HashTableRoot _root;
    private long _seen;

    public static void Run()
    {
        foreach (int count in (int[])[1_000, 100_000, 1_000_000, 5_000_000])
        {
            using var benchmark = new TableBenchmark(count);
            benchmark.RunAll();
        }
    }

    public void Dispose() => _arena.Dispose();

    private void RunAll()
    {
        Print("insert, growing", Measure.Once(count, Fill), "ns");
        long bytes = Table.Verify(_arena, _root, _hashing);
        Print("bytes an element (table)", (double)bytes / count, "B");
        Draw(0, count);
        Print("find, hit", Measure.NanosecondsAn(Operations, FindDrawn), "ns");
        Draw(count, 2 * count);
        Print("find, miss", Measure.NanosecondsAn(Operations, FindDrawn), "ns");
        Draw(0, count);
        Print("remove and insert again", Measure.NanosecondsAn(Operations, RemoveAndInsertDrawn), "ns");
        Print("scan, an element of COUNT 10", Measure.NanosecondsAn(count, () => Scan(10)), "ns");
        Print("scan, an element of a full walk", Measure.NanosecondsAn(count, () => Scan(int.MaxValue)), "ns");
        Print("random", Measure.NanosecondsAn(Operations, DrawRandom), "ns");
        Print("remove, shrinking", Measure.Once(count, Empty), "ns");
    }

    private void Print(string what, double value, string unit) => Measure.Print($"table of {count:N0}: {what}", value, unit);

    private void Draw(int from, int to)
    {
        for (int i = 0; i < Operations; i++) _numbers[i] = _random.Next(from, to);
    }

    private void Fill()
    {
        Span<byte> buffer = stackalloc byte[16];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> key = Keys.Write(i, buffer);
            Table.Insert(_arena, ref _root, _hashing, _hashing.Of(key), ElementLayout.Make(_arena, key));
        }

        _arena.EndTurn();
    }

    private void FindDrawn()
    {
        Span<byte> buffer = stackalloc byte[16];
        foreach (int number in _numbers)
        {
            ReadOnlySpan<byte> key = Keys.Write(number, buffer);
            Table.Find(_arena, _root, _hashing.Of(key), key, out BlockRef block);
            _seen += (long)block.Value;
        }
    }

    private void RemoveAndInsertDrawn()
    {
        Span<byte> buffer = stackalloc byte[16];
        foreach (int number in _numbers)
        {
            ReadOnlySpan<byte> key = Keys.Write(number, buffer);
            ulong hash = _hashing.Of(key);
            TablePosition position = Table.Find(_arena, _root, hash, key, out BlockRef block);
            Table.Remove(_arena, ref _root, hash, position);
            Table.Insert(_arena, ref _root, _hashing, hash, block);
        }
    }

    private void Scan(int countAsked)
    {
        var counter = new Counter();
        ulong cursor = 0;
        do cursor = Table.Scan(_arena, _root, cursor, countAsked, ref counter);
        while (cursor != 0);
        if (counter.Count != count) throw new InvalidOperationException("The scan did not meet every element once.");
    }

    private void DrawRandom()
    {
        for (int i = 0; i < Operations; i++) _seen += (long)Table.Random(_arena, _root, _random).Value;
    }

    private void Empty()
    {
        Span<byte> buffer = stackalloc byte[16];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> key = Keys.Write(i, buffer);
            ulong hash = _hashing.Of(key);
            Table.Remove(_arena, ref _root, hash, Table.Find(_arena, _root, hash, key, out BlockRef block));
            _arena.Free(block);
            _arena.EndTurn();
        }
    }

    private struct Counter : IBlockVisitor
    {
        public int Count { get; private set; }

        public void Visit(BlockRef block) => Count++;
    }
}
