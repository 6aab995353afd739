using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class LzfTests
{
    [Fact]
    public void What_is_compressed_expands_to_the_same_again()
    {
        var lzf = new Lzf();
        var random = new Random(3);
        for (int round = 0; round < 3000; round++)
        {
            byte[] text = Text(random, random.Next(5, round % 100 == 0 ? 100_000 : 2000));
            var room = new byte[text.Length + 100];
            int length = lzf.Compress(text, room);
            Assert.True(length > 0);
            ReadOnlySpan<byte> compressed = room.AsSpan(0, length);
            Assert.Equal(text.Length, Lzf.ExpandedLength(compressed));
            var expanded = new byte[text.Length];
            Assert.True(Lzf.TryExpand(compressed, expanded));
            Assert.Equal(text, expanded);
        }
    }

    // What redis-server 7.0.15 makes of these, as DUMP shows it.
    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "01 61 61 E0 11 00 01 61 61")]
    [InlineData("abcabcabcabcabcabcabcabcabcabc", "03 61 62 63 61 E0 0F 02 01 62 63")]
    public void The_bytes_are_those_of_redis_server(string text, string compressed)
    {
        var room = new byte[text.Length];
        int length = new Lzf().Compress(Encoding.ASCII.GetBytes(text), room);
        Assert.Equal(compressed, BitConverter.ToString(room, 0, length).Replace('-', ' '));
    }

    [Fact]
    public void What_does_not_fit_the_room_is_not_compressed()
    {
        var lzf = new Lzf();
        var text = new byte[500];
        new Random(4).NextBytes(text);
        Assert.Equal(0, lzf.Compress(text, new byte[text.Length - 4]));
        var room = new byte[1000];
        int length = lzf.Compress(Enumerable.Repeat((byte)'x', 300).ToArray(), room);
        for (int less = 0; less < length; less++)
            Assert.Equal(0, lzf.Compress(Enumerable.Repeat((byte)'x', 300).ToArray(), room.AsSpan(0, less)));
    }

    [Fact]
    public void One_compressor_forgets_the_text_before()
    {
        var fresh = new byte[1000];
        var used = new byte[1000];
        var lzf = new Lzf();
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"word {i % 7} ")));
        lzf.Compress(text, used);
        int length = lzf.Compress(text.AsSpan(7), used);
        Assert.Equal(new Lzf().Compress(text.AsSpan(7), fresh), length);
        Assert.Equal(fresh[..length], used[..length]);
    }

    [Fact]
    public void Damaged_text_is_refused_and_nothing_else_happens()
    {
        var random = new Random(5);
        var lzf = new Lzf();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] text = Text(random, random.Next(10, 300));
            var room = new byte[text.Length + 50];
            byte[] compressed = room[..lzf.Compress(text, room)];
            if (random.Next(2) == 0) compressed = compressed[..random.Next(compressed.Length)];
            else compressed[random.Next(compressed.Length)] = (byte)random.Next(256);
            long length = Lzf.ExpandedLength(compressed);
            Lzf.TryExpand(compressed, new byte[Math.Max(0, length)]);
            Assert.False(Lzf.TryExpand(compressed, new byte[Math.Max(0, length) + 1]));
        }
    }

    [Fact]
    public void A_repeat_from_before_the_beginning_is_refused()
    {
        Assert.False(Lzf.TryExpand([0x20, 0x00], new byte[3]));
        Assert.False(Lzf.TryExpand([0x00, (byte)'a', 0x20, 0x01], new byte[4]));
        Assert.True(Lzf.TryExpand([0x00, (byte)'a', 0x20, 0x00], new byte[4]));
    }

    /// <summary>Words that repeat, runs, and noise.</summary>
    private static byte[] Text(Random random, int length)
    {
        var text = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = Math.Min(length - at, random.Next(1, 400));
            Span<byte> piece = text.AsSpan(at, count);
            switch (random.Next(4))
            {
                case 0: random.NextBytes(piece); break;
                case 1: piece.Fill((byte)random.Next(256)); break;
                case 2 when at > 0: text.AsSpan(0, Math.Min(count, at)).CopyTo(piece); break;
                default: piece.Fill((byte)'w'); break;
            }
            at += count;
        }
        return text;
    }
}
