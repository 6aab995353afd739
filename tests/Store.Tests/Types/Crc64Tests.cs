using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class Crc64Tests
{
    [Fact]
    public void The_checksum_is_the_one_that_its_author_gives() =>
        Assert.Equal(0xe9c6d914c4b8d9ca, Crc64.Append(0, "123456789"u8));

    [Fact]
    public void Pieces_have_the_checksum_of_the_whole_however_it_is_cut()
    {
        var bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        ulong whole = Crc64.Append(0, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(whole, Crc64.Append(Crc64.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    [Fact]
    public void Each_bit_changes_it()
    {
        var bytes = new byte[20];
        var seen = new HashSet<ulong> { Crc64.Append(0, bytes) };
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(seen.Add(Crc64.Append(0, bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Vectors_and_tables_agree_at_every_length_and_place()
    {
        var bytes = new byte[700];
        var random = new Random(2);
        random.NextBytes(bytes);
        for (int length = 0; length <= 600; length++)
        {
            ReadOnlySpan<byte> text = bytes.AsSpan(length % 19, length);
            ulong before = (ulong)random.NextInt64();
            Assert.Equal(Crc64.AppendByTables(before, text), Crc64.Append(before, text));
        }
    }
}
