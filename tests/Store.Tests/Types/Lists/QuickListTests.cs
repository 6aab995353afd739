using System.Text;

namespace Galley.Store.Tests.Types;

/// <summary>Large lists with and without compressed leaves.</summary>
public sealed class QuickListTests
{
    private const int Steps = 6000;

    /// <summary>The list grows over this count and shrinks below, again and again.</summary>
    private const int CountAbout = 1500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Random_changes_agree_with_a_list_at_any_depth(int depth)
    {
        var random = new Random(depth + 1);
        using var list = new ListUnderTest(depth);
        bool grows = true;
        for (int step = 0; step < Steps; step++)
        {
            if (list.Count > CountAbout) grows = false;
            if (list.Count == 0) grows = true;
            if (random.Next(100) < (grows ? 70 : 30)) Add(list, random);
            else if (list.Count > 0) ChangeOrRemove(list, random, grows);
            list.Arena.EndTurn();
            if (list.Count == 0) continue;
            list.CheckElement(random.Next(list.Count));
            if (step % 20 == 0) list.CheckLeaves();
            if (step % 100 == 0) list.CheckAll(random.Next(list.Count));
        }
        list.CheckNothingIsLeft();
    }

    [Fact]
    public void The_leaves_between_the_ends_are_compressed()
    {
        using var open = new ListUnderTest(0);
        using var compressed = new ListUnderTest(2);
        for (int i = 0; i < 1000; i++)
        {
            byte[] element = Encoding.ASCII.GetBytes($"{i:D6} words that come again and again in every element of the list, and take no room");
            open.Push(element, atFront: i % 3 == 0);
            compressed.Push(element, atFront: i % 3 == 0);
        }
        bool[] are = compressed.AreCompressed;
        Assert.DoesNotContain(true, open.AreCompressed);
        Assert.Equal([.. are.Select((_, i) => i >= 2 && i < are.Length - 2)], are);
        Assert.True(compressed.Arena.UsedBytes * 2 < open.Arena.UsedBytes, $"{compressed.Arena.UsedBytes} bytes, open {open.Arena.UsedBytes}");
    }

    [Theory]
    [InlineData(4_000, true)]
    [InlineData(4_001, true)]
    [InlineData(30_000, true)]
    [InlineData(65_000, true)]
    [InlineData(66_000, false)]
    public void A_long_element_is_compressed_as_far_as_its_bytes_fit_a_block(int length, bool isCompressed)
    {
        using var list = new ListUnderTest(1);
        for (int i = 0; i < 10; i++) list.Push([.. Enumerable.Repeat((byte)('a' + i), length)]);
        bool[] are = list.AreCompressed;
        Assert.Equal(isCompressed, are[1]);
        Assert.Equal(isCompressed, are[^2]);
        for (int i = 0; i < 10; i++) list.CheckElement(i);
        list.Set(4, "short"u8.ToArray());
        list.Insert(6, new byte[length]);
        list.CheckLeaves();
        list.CheckAll(5);
        list.CheckNothingIsLeft();
    }

    [Fact]
    public void What_does_not_gain_stays_as_it_is()
    {
        using var list = new ListUnderTest(1);
        var random = new Random(6);
        for (int i = 0; i < 500; i++)
        {
            var noise = new byte[100];
            random.NextBytes(noise);
            list.Push(noise);
        }
        Assert.DoesNotContain(true, list.AreCompressed);
    }

    [Fact]
    public void Reading_leaves_the_list_as_it_is_and_takes_no_memory()
    {
        using var list = new ListUnderTest(1);
        for (int i = 0; i < 2000; i++) list.Push(Encoding.ASCII.GetBytes($"element {i % 7} of a list that is only read"));
        list.CheckElement(1000);
        bool[] before = list.AreCompressed;
        (long used, long committed) = (list.Arena.UsedBytes, list.Arena.CommittedBytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < list.Count; i++) list.CheckElement(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal((used, committed), (list.Arena.UsedBytes, list.Arena.CommittedBytes));
        Assert.Equal(before, list.AreCompressed);
    }

    /// <summary>A script, all of which is one turn, may change a compressed leaf as often as it likes.</summary>
    [Fact]
    public void Changes_within_one_turn_use_the_same_memory()
    {
        using var list = new ListUnderTest(1);
        for (int i = 0; i < 2000; i++) list.Push(Encoding.ASCII.GetBytes($"element {i % 7} of a list that is changed in the middle"));
        list.Set(1000, "begin"u8.ToArray());
        list.Arena.EndTurn();
        long committed = list.Arena.CommittedBytes;
        for (int i = 0; i < 1000; i++) list.Set(700 + i % 600, Encoding.ASCII.GetBytes($"changed {i}"));
        Assert.InRange(list.Arena.CommittedBytes, 0, committed + (1 << 20));
        list.CheckAll(0);
        list.CheckNothingIsLeft();
    }

    [Fact]
    public void Another_depth_is_taken_leaf_by_leaf()
    {
        using var list = new ListUnderTest(0);
        byte[] element = "the same words again"u8.ToArray();
        for (int i = 0; i < 4000; i++) list.Push(element);
        int leaves = list.AreCompressed.Length;

        list.Depth = 1;
        Assert.DoesNotContain(true, list.AreCompressed);
        list.Set(2000, "changed"u8.ToArray());
        Assert.Equal(1, list.AreCompressed.Count(isCompressed => isCompressed));
        while (list.AreCompressed.Length == leaves) list.Push(element);
        Assert.True(list.AreCompressed[^2]);
        for (int i = 0; i < list.Count; i += 100) list.Set(i, element);
        list.CheckLeaves();

        list.Depth = 3;
        while (list.AreCompressed.Length < leaves + 3) list.Push(element, atFront: true);
        list.CheckLeaves();

        list.Depth = 0;
        while (list.Count > 0)
        {
            list.Remove(list.Count / 2, 1);
            list.Remove(0, Math.Min(list.Count, 30));
            list.Remove(list.Count - Math.Min(list.Count, 30), Math.Min(list.Count, 30));
            list.CheckAll(list.Count / 2);
            if (list.Count > 0) list.Push(element, atFront: true);
            if (list.Count < 90) list.Remove(0, list.Count);
        }
        list.CheckNothingIsLeft();
    }

    private static void Add(ListUnderTest list, Random random)
    {
        switch (random.Next(6))
        {
            case 0 or 1:
                for (int i = random.Next(20); i >= 0; i--) list.Push(Element(random), atFront: false);
                break;
            case 2:
                for (int i = random.Next(20); i >= 0; i--) list.Push(Element(random), atFront: true);
                break;
            case 3:
                list.Append([.. Enumerable.Range(0, random.Next(1, 30)).Select(i => Encoding.ASCII.GetBytes($"packed {i} packed {i}"))]);
                break;
            default:
                list.Insert(random.Next(list.Count + 1), Element(random));
                break;
        }
    }

    private static void ChangeOrRemove(ListUnderTest list, Random random, bool grows)
    {
        int position = random.Next(list.Count);
        switch (random.Next(6))
        {
            case 0:
                list.Remove(0, random.Next(1, Math.Min(list.Count, grows ? 5 : 60) + 1));
                break;
            case 1:
                int count = random.Next(1, Math.Min(list.Count, grows ? 5 : 60) + 1);
                list.Remove(list.Count - count, count);
                break;
            case 2:
                list.Remove(position, random.Next(1, Math.Min(list.Count - position, random.Next(20) == 0 ? 300 : 10) + 1));
                break;
            case 3:
                int share = random.Next(2, 40);
                list.RemoveEach([.. Enumerable.Range(0, list.Count).Where(_ => random.Next(share) == 0).Take(50).Reverse().Select(i => (long)i)]);
                break;
            default:
                list.Set(position, Element(random));
                break;
        }
    }

    /// <summary>Numbers, words that repeat themselves, noise; short ones, and some that are alone in their leaf.</summary>
    private static byte[] Element(Random random)
    {
        int length = random.Next(50) == 0 ? random.Next(9000) : random.Next(600) == 0 ? random.Next(70_000) : random.Next(150);
        switch (random.Next(4))
        {
            case 0:
                return Encoding.ASCII.GetBytes($"{random.Next(-1000, 1_000_000)}");
            case 1:
                var noise = new byte[length];
                random.NextBytes(noise);
                return noise;
            default:
                return [.. Encoding.ASCII.GetBytes($"{random.Next(100)}"), .. Enumerable.Range(0, length).Select(i => (byte)"over and over "[i % 14])];
        }
    }
}
