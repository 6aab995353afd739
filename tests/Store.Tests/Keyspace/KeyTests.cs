using System.Text;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Keyspace;

public sealed class KeyTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 31, 32, 254, 255, 256, 8191, 31_744, 31_745, 32_768, 32_769, 65_536, 1_000_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_value_of_any_length_is_read_back(int length)
    {
        using var space = new KeyspaceFixture();
        byte[] value = Bytes(length, seed: length);
        Key key = space.Open("k");
        key.PutString(value, expiresAtMs: -1);
        Assert.True(space.Open("k").String.SequenceEqual(value));
        Assert.Equal(1, space.Space[0].Count);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_key_of_any_length_is_found_again(int length)
    {
        using var space = new KeyspaceFixture();
        byte[] name = Bytes(length, seed: 1);
        Key key = space.Space[0].Open(name);
        key.PutString("value"u8, expiresAtMs: -1);
        Assert.Equal("value"u8, space.Space[0].Open(name).String);
        Assert.True(space.Space[0].Open(name).Delete());
        Assert.False(space.Space[0].Open(name).Exists);
    }

    [Fact]
    public void Every_length_may_follow_every_other_with_and_without_an_expiry()
    {
        using var space = new KeyspaceFixture();
        int seed = 0;
        foreach (int before in Lengths.Select(row => row.Data))
        {
            foreach (int after in Lengths.Select(row => row.Data))
            {
                foreach (long expiry in new[] { -1L, space.Time.NowMs + 1000 })
                {
                    Key key = space.Open("k");
                    key.PutString(Bytes(before, ++seed), seed % 2 == 0 ? -1 : space.Time.NowMs + 5000);
                    byte[] value = Bytes(after, ++seed);
                    key.PutString(value, expiry);
                    Assert.True(space.Open("k").String.SequenceEqual(value));
                    Assert.Equal(expiry, space.Open("k").ExpiresAtMs);
                    space.Space.Arena.EndTurn();
                }
            }
        }
        Assert.Equal(1, space.Space[0].Count);
    }

    [Fact]
    public void Editing_keeps_what_was_there_and_fills_with_zeros()
    {
        using var space = new KeyspaceFixture();
        var model = new List<byte>();
        var random = new Random(7);
        while (model.Count < 300_000)
        {
            int longer = model.Count + random.Next(1, 1 + Math.Max(16, model.Count / 2));
            Key key = space.Open("k");
            Span<byte> value = key.EditString(longer);
            Assert.True(value[..model.Count].SequenceEqual(model.ToArray()));
            Assert.True(value[model.Count..].IndexOfAnyExcept((byte)0) < 0);
            random.NextBytes(value[model.Count..]);
            model.AddRange(value[model.Count..]);
            space.Space.Arena.EndTurn();
        }
        Assert.True(space.Open("k").String.SequenceEqual(model.ToArray()));
        Assert.Equal("raw", space.Open("k").EncodingName);
    }

    [Theory]
    [InlineData("12345", "int")]
    [InlineData("-9223372036854775808", "int")]
    [InlineData("9223372036854775808", "embstr")]
    [InlineData("012", "embstr")]
    [InlineData("", "embstr")]
    [InlineData("12345678901234567890123456789012345678901234", "embstr")]
    [InlineData("123456789012345678901234567890123456789012345", "raw")]
    public void Encodings_are_those_of_redis(string value, string encoding)
    {
        using var space = new KeyspaceFixture();
        space.Put("k", value);
        Assert.Equal(encoding, space.Open("k").EncodingName);
    }

    [Fact]
    public void An_expiry_comes_and_goes_without_touching_the_value()
    {
        using var space = new KeyspaceFixture();
        foreach (int length in Lengths.Select(row => row.Data))
        {
            byte[] value = Bytes(length, 3);
            Key key = space.Open("k");
            key.PutString(value, -1);
            foreach (long expiry in new[] { 5_000_000_000_000, 6_000_000_000_000, -1, 7_000_000_000_000, long.MaxValue })
            {
                key = space.Open("k");
                key.SetExpiry(expiry);
                Assert.Equal(expiry, space.Open("k").ExpiresAtMs);
                Assert.True(space.Open("k").String.SequenceEqual(value));
                Assert.Equal(expiry < 0 ? 0 : 1, space.Space[0].ExpiringCount);
            }
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void A_moved_value_leaves_nothing_behind(int length)
    {
        using var space = new KeyspaceFixture();
        byte[] value = Bytes(length, 4);
        Key source = space.Open("source");
        source.PutString(value, 9_000_000_000_000);
        space.Put("target", "old");
        source = space.Open("source");
        Key target = space.Open("target");
        source.MoveTo(ref target, source.ExpiresAtMs);
        Assert.False(space.Open("source").Exists);
        Assert.True(space.Open("target").String.SequenceEqual(value));
        Assert.Equal(9_000_000_000_000, space.Open("target").ExpiresAtMs);
        Assert.Equal(1, space.Space[0].Count);
    }

    [Fact]
    public void A_copy_of_a_large_value_is_apart_from_its_source_once_one_is_written()
    {
        using var space = new KeyspaceFixture();
        byte[] value = Bytes(200_000, 5);
        Key source = space.Open("source");
        source.PutString(value, -1);
        Key target = space.Open("target");
        source = space.Open("source");
        source.CopyTo(ref target, -1);
        source = space.Open("source");
        source.EditString(value.Length)[0] ^= 0xFF;
        Assert.True(space.Open("target").String.SequenceEqual(value));
        Assert.False(space.Open("source").String.SequenceEqual(value));
        Assert.True(space.Open("source").String[1..].SequenceEqual(value.AsSpan(1)));
    }

    [Theory]
    [MemberData(nameof(KeyspaceFixture.PartitionCounts), MemberType = typeof(KeyspaceFixture))]
    public void Random_writes_agree_with_a_dictionary_and_leave_no_memory(int partitions)
    {
        using var space = new KeyspaceFixture(partitions);
        var model = new Dictionary<string, string>();
        var random = new Random(partitions);
        for (int i = 0; i < 50_000; i++)
        {
            string name = "key:" + random.Next(3000);
            if (random.Next(3) > 0)
            {
                model[name] = new string((char)('a' + i % 26), random.Next(0, 400));
                space.Put(name, model[name], random.Next(4) == 0 ? space.Time.NowMs + 100_000 : -1);
            }
            else
            {
                Assert.Equal(model.Remove(name), space.Open(name).Delete());
            }
            if (i % 64 == 0) space.Space.Arena.EndTurn();
        }
        Assert.Equal(model.Count, space.Space[0].Count);
        foreach ((string name, string value) in model) Assert.Equal(value, space.Get(name));
        foreach (string name in model.Keys) Assert.True(space.Open(name).Delete());
        Assert.Equal(0, space.Space[0].Count);
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
