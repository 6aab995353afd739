using System.Globalization;
using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class ListPackTests
{
    private static readonly int[] Lengths = [63, 64, 125, 126, 127, 4095, 4096, 16377, 16378, 20000];

    /// <summary>The borders of every form, and what only looks like an integer.</summary>
    public static TheoryData<string> Elements =>
    [
        "", "a", "0", "1", "127", "128", "-1", "4095", "4096", "-4096", "-4097", "32767", "32768", "-32768", "-32769", "8388607",
        "8388608", "-8388608", "-8388609", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "-0", "+1", "01", "1.0", " 1", "1 ",
        .. Lengths.Select(length => new string('x', length)),
    ];

    [Theory]
    [MemberData(nameof(Elements))]
    public void What_is_written_is_read(string element)
    {
        byte[] text = Encoding.Latin1.GetBytes(element);
        byte[] pack = Pack("before", element, "after");
        int at = ListPack.Next(pack, 0);
        Assert.Equal(element, TextAt(pack, at));
        Assert.Equal(element.Length, ListPack.Read(pack, at).Length);
        Assert.Equal(ListPack.SizeOf(text), ListPack.Next(pack, at) - at);
        Assert.Equal(at, ListPack.Previous(pack, ListPack.Next(pack, at)));
        Assert.Equal(at, ListPack.Find(pack, text));
        Assert.True(ListPack.IsValid(pack, out int count));
        Assert.Equal(3, count);
    }

    [Theory]
    [InlineData("0", "00 01")]
    [InlineData("127", "7F 01")]
    [InlineData("128", "C0 80 02")]
    [InlineData("-1", "DF FF 02")]
    [InlineData("-4096", "D0 00 02")]
    [InlineData("4096", "F1 00 10 03")]
    [InlineData("-32769", "F2 FF 7F FF 04")]
    [InlineData("8388608", "F3 00 00 80 00 05")]
    [InlineData("2147483648", "F4 00 00 00 80 00 00 00 00 09")]
    [InlineData("abc", "83 61 62 63 04")]
    public void Elements_have_the_bytes_of_a_listpack(string element, string bytes) =>
        Assert.Equal(bytes, string.Join(' ', Pack(element).Select(b => b.ToString("X2", CultureInfo.InvariantCulture))));

    [Fact]
    public void A_walk_from_either_end_meets_the_same_elements()
    {
        var random = new Random(7);
        string[] elements = [.. Enumerable.Range(0, 500).Select(i =>
            random.Next(2) == 0 ? random.NextInt64().ToString(CultureInfo.InvariantCulture) : new string('a', random.Next(300)))];
        byte[] pack = Pack(elements);
        Assert.Equal(elements.Length, ListPack.Count(pack));
        int forwards = 0;
        foreach (string element in elements)
        {
            Assert.Equal(element, TextAt(pack, forwards));
            forwards = ListPack.Next(pack, forwards);
        }
        int backwards = pack.Length;
        foreach (string element in elements.Reverse())
        {
            backwards = ListPack.Previous(pack, backwards);
            Assert.Equal(element, TextAt(pack, backwards));
        }
        for (int i = 0; i <= elements.Length; i += 50)
            Assert.Equal(ListPack.Skip(pack, 0, i), ListPack.PositionOf(pack, i, elements.Length));
    }

    [Fact]
    public void With_a_stride_of_two_values_are_not_mistaken_for_fields()
    {
        byte[] pack = Pack("f1", "v", "f2", "f1", "v", "x");
        Assert.Equal(0, ListPack.Find(pack, "f1"u8, stride: 2));
        Assert.Equal(ListPack.Skip(pack, 0, 4), ListPack.Find(pack, "v"u8, stride: 2));
        Assert.Equal(-1, ListPack.Find(pack, "x"u8, stride: 2));
    }

    [Fact]
    public void Damaged_bytes_are_told_from_whole_ones()
    {
        byte[] pack = Pack("abc", "12345", new string('x', 300));
        for (int length = 1; length < pack.Length; length++)
        {
            bool isBorder = length == ListPack.Next(pack, 0) || length == ListPack.Skip(pack, 0, 2);
            Assert.Equal(isBorder, ListPack.IsValid(pack.AsSpan(0, length), out _));
        }
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. pack];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (ListPack.IsValid(damaged, out int count)) Assert.Equal(count, ListPack.Count(damaged));
        }
    }

    internal static byte[] Pack(params string[] elements)
    {
        var pack = new List<byte>();
        Span<byte> room = new byte[70_000];
        foreach (string element in elements)
        {
            byte[] text = Encoding.Latin1.GetBytes(element);
            int length = ListPack.Write(room, text);
            pack.AddRange(room[..length]);
        }
        return [.. pack];
    }

    private static string TextAt(byte[] pack, int at) =>
        Encoding.Latin1.GetString(ListPack.Read(pack, at).TextIn(stackalloc byte[20]));
}
