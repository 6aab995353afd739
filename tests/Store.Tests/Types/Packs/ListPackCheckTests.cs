using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class ListPackCheckTests
{
    [Fact]
    public void What_ListPack_writes_is_canonical()
    {
        foreach (string element in (string[])["", "0", "-1", "4096", "2147483648", "a", "-", "007", "1x", "+1", "9223372036854775808", new string('1', 21)])
            Assert.True(ListPackCheck.IsCanonical(Pack(element)), element);
    }

    [Theory]
    [InlineData("82 31 32 03", "an integer as text")]
    [InlineData("82 2D 31 03", "a negative one")]
    [InlineData("C0 05 02", "13 bits where 7 do")]
    [InlineData("F1 05 00 03", "16 bits where 7 do")]
    [InlineData("F4 00 00 01 00 00 00 00 00 09", "64 bits where 24 do")]
    [InlineData("E0 03 61 62 63 05", "a long head of a short text")]
    public void What_others_may_write_is_not(string bytes, string what)
    {
        byte[] pack = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(ListPack.IsValid(pack, out _), what);
        Assert.False(ListPackCheck.IsCanonical(pack), what);
    }

    [Fact]
    public void Equal_elements_are_found_at_their_steps_only()
    {
        Assert.True(ListPackCheck.AreDistinct(Pack("a", "b", "c"), 1));
        Assert.False(ListPackCheck.AreDistinct(Pack("a", "b", "a"), 1));
        Assert.True(ListPackCheck.AreDistinct(Pack("a", "x", "b", "x"), 2));
        Assert.False(ListPackCheck.AreDistinct(Pack("a", "x", "a", "y"), 2));
        Assert.True(ListPackCheck.AreDistinct([], 1));
    }

    [Fact]
    public void Many_are_compared_however_alike_they_are()
    {
        string[] alike = [.. Enumerable.Range(0, ListPackCheck.DistinctCountMax).Select(i => new string('x', 40) + (char)('0' + (i % 64)) + (i / 64))];
        Assert.True(ListPackCheck.AreDistinct(Pack(alike), 1));
        alike[^1] = alike[0];
        Assert.False(ListPackCheck.AreDistinct(Pack(alike), 1));
    }

    [Fact]
    public void A_walk_finds_what_one_element_at_a_time_does()
    {
        var random = new Random(5);
        var pack = new byte[64];
        for (int round = 0; round < 200_000; round++)
        {
            int length = Write(random, pack);
            // Sometimes a byte of it is another.
            if (random.Next(3) == 0) pack[random.Next(length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> bytes = pack.AsSpan(0, length - random.Next(2));
            bool isValid = ListPack.IsValid(bytes, out int count);
            Assert.Equal(isValid, ListPackCheck.TryWalk(bytes, out PackFacts facts));
            if (!isValid) continue;
            Assert.Equal((count, ListPackCheck.IsCanonical(bytes)), (facts.Count, facts.IsCanonical));
        }
    }

    /// <summary>Elements as several writers keep them: at the borders of each form, and as text; returns their length.</summary>
    private static int Write(Random random, Span<byte> pack)
    {
        long[] borders = [0, 127, 128, -1, 4095, 4096, -4096, -4097, short.MaxValue, short.MinValue, 1 << 23, -(1 << 23), int.MaxValue, int.MinValue];
        int length = 0;
        while (length < 20)
        {
            long value = borders[random.Next(borders.Length)] + random.Next(-1, 2);
            switch (random.Next(4))
            {
                case 0:
                    length += ListPack.Write(pack[length..], value);
                    break;
                case 1:
                    length += Put(pack[length..], 0xF1, BitConverter.GetBytes((short)value));
                    break;
                case 2:
                    length += Put(pack[length..], 0xF3, BitConverter.GetBytes((int)value));
                    break;
                default:
                    byte[] text = System.Text.Encoding.Latin1.GetBytes(random.Next(2) == 0 ? $"{value}" : $"{value}.5");
                    length += Put(pack[length..], (byte)(0x80 | text.Length), text);
                    break;
            }
        }
        return length;
    }

    private static int Put(Span<byte> room, byte head, byte[] body)
    {
        room[0] = head;
        body.CopyTo(room[1..]);
        room[body.Length + 1] = (byte)(body.Length + 1);
        return body.Length + 2;
    }

    [Fact]
    public void A_length_that_is_read_from_the_right_has_one_spelling()
    {
        Assert.False(ListPack.IsValid([0x81, (byte)'a', 0x03], out _));
        Assert.False(ListPack.IsValid([0x81, (byte)'a', 0x82], out _));
        Assert.False(ListPack.IsValid([0x80, 0xFF], out _));
    }

    private static byte[] Pack(params string[] elements)
    {
        var pack = new byte[64 * 1024];
        int length = 0;
        foreach (string element in elements) length += ListPack.Write(pack.AsSpan(length), System.Text.Encoding.Latin1.GetBytes(element));
        return pack[..length];
    }
}
