using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.LoadTests.Micro;

/// <summary>
/// A list of 100,000 elements of 100 bytes that resemble each other, without and with <c>list-compress-depth 1</c>:
/// what an element costs to push, to walk over, to be looked up and to be changed, and the bytes that it takes.
/// </summary>
internal static class ListBenchmark
{
    private const int Elements = 100_000;
    private const int LookUps = 10_000;

    /// <summary>Prime to the number of elements, so that each look-up is in another leaf.</summary>
    private const int Stride = 7_919;

    private static readonly byte[][] Values =
        [.. Enumerable.Range(0, Elements).Select(i => Encoding.ASCII.GetBytes($"{{\"id\":{i},\"user\":\"user{i % 977}\",\"status\":\"active\",\"score\":{i % 101},\"tags\":[\"red\",\"green\",\"blue\"]}}".PadRight(100)))];

    public static void Run()
    {
        foreach (int depth in (int[])[0, 1]) Run(depth);
    }

    private static void Run(int depth)
    {
        var settings = new Settings { ListCompressDepth = depth };
        using var space = new Databases(1, 1, new KeyspaceClock(TimeProvider.System), new Arena(1L << 32), settings);
        long empty = space.Arena.UsedBytes;
        string name = depth == 0 ? "open" : "compressed";
        Measure.Print($"list: push, {name}", Measure.NanosecondsAn(Elements, () => Fill(space)), "ns");
        Measure.Print($"list: element, {name}", (double)(space.Arena.UsedBytes - empty) / Elements, "bytes");
        Measure.Print($"list: step of a walk, {name}", Measure.NanosecondsAn(Elements, () => Walk(space)), "ns");
        Measure.Print($"list: look-up in the middle, {name}", Measure.NanosecondsAn(LookUps, () => LookUp(space)), "ns");
        Measure.Print($"list: change in the middle, {name}", Measure.NanosecondsAn(LookUps, () => Change(space)), "ns");
    }

    private static void Fill(Databases space)
    {
        space[0].Open("l"u8).Delete();
        while (!space.Graveyard.Dig(Elements)) { }
        space.Arena.EndTurn();
        foreach (byte[] value in Values)
        {
            Key key = space[0].Open("l"u8);
            ListValue.Push(ref key, value, atFront: false);
            space.Arena.EndTurn();
        }
    }

    private static void Walk(Databases space)
    {
        long bytes = 0;
        ListWalk walk = ListValue.Walk(space[0].Open("l"u8), 0);
        while (walk.TryNext(out ListPackElement element)) bytes += element.Length;
        GC.KeepAlive(bytes);
    }

    private static void LookUp(Databases space)
    {
        long bytes = 0;
        for (int i = 0; i < LookUps; i++) bytes += ListValue.At(space[0].Open("l"u8), (long)i * Stride % Elements).Length;
        GC.KeepAlive(bytes);
    }

    private static void Change(Databases space)
    {
        for (int i = 0; i < LookUps; i++)
        {
            int position = (int)((long)i * Stride % Elements);
            Key key = space[0].Open("l"u8);
            ListValue.Set(ref key, position, Values[position]);
            space.Arena.EndTurn();
        }
    }
}
