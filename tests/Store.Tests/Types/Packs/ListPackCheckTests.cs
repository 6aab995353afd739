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
