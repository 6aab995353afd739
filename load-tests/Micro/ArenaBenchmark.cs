using Galley.Store.Memory;

namespace Galley.LoadTests.Micro;

/// <summary>Allocate and Free with a turn's end for each, in order and at random, and the turn's end alone.</summary>
internal static class ArenaBenchmark
{
    private const int Blocks = 1_000_000;
    private const int Bytes = 48;

    public static void Run()
    {
        using var arena = new Arena(1L << 34, aheadBytes: 4 << 20);
        var blocks = new BlockRef[Blocks];
        Measure.Print("arena: first allocation of 48 B", Measure.Once(Blocks, () => Fill(arena, blocks)), "ns");
        double pair = Measure.NanosecondsAn(Blocks, () =>
        {
            for (int i = 0; i < Blocks; i++)
            {
                arena.Free(arena.Allocate(Bytes));
                arena.EndTurn();
            }
        });
        Measure.Print("arena: Allocate, Free, EndTurn, same block", pair, "ns");
        double idle = Measure.NanosecondsAn(Blocks, () =>
        {
            for (int i = 0; i < Blocks; i++) arena.EndTurn();
        });
        Measure.Print("arena: EndTurn, nothing freed", idle, "ns");
        var random = new Random(1);
        double churn = Measure.NanosecondsAn(Blocks, () =>
        {
            for (int i = 0; i < Blocks; i++)
            {
                ref BlockRef block = ref blocks[random.Next(Blocks)];
                arena.Free(block);
                arena.EndTurn();
                block = arena.Allocate(Bytes);
            }
        });
        Measure.Print("arena: Free, EndTurn, Allocate at random of 1M", churn, "ns");
        random.Shuffle(blocks);
        double free = Measure.Once(Blocks, () =>
        {
            foreach (BlockRef block in blocks) arena.Free(block);
        });
        Measure.Print("arena: Free of 1M in random order", free, "ns");
        Measure.Print("arena: their EndTurn, a block", Measure.Once(Blocks, arena.EndTurn), "ns");
        Measure.Print("arena: committed after it", arena.CommittedBytes / 1024.0, "KiB");
    }

    private static void Fill(Arena arena, BlockRef[] blocks)
    {
        for (int i = 0; i < blocks.Length; i++) blocks[i] = arena.Allocate(Bytes);
    }
}
