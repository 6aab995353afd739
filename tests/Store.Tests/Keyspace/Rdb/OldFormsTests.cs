using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Types;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Rdb;

/// <summary>The forms that redis-server wrote before 7.0, and those of other servers.</summary>
public sealed class OldFormsTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly TestClient _client;

    public OldFormsTests() => _client = _engine.Connect();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x85 }, "-123")]
    [InlineData(new byte[] { 0xC1, 0x39, 0x30 }, "12345")]
    [InlineData(new byte[] { 0xC2, 0xFF, 0xFF, 0xFF, 0x7F }, "2147483647")]
    [InlineData(new byte[] { 0x03, (byte)'a', (byte)'b', (byte)'c' }, "abc")]
    [InlineData(new byte[] { 0x40, 0x03, (byte)'a', (byte)'b', (byte)'c' }, "abc")]
    [InlineData(new byte[] { 0x80, 0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c' }, "abc")]
    [InlineData(new byte[] { 0x81, 0, 0, 0, 0, 0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c' }, "abc")]
    [InlineData(new byte[] { 0xC3, 9, 30, 1, 0x61, 0x61, 0xE0, 0x11, 0, 1, 0x61, 0x61 }, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Strings_in_every_encoding(byte[] bytes, string expected)
    {
        Restore(new Payload(RdbForm.String).Bytes(bytes), version: 1);
        Assert.Equal($"${expected.Length} {expected}", _client.Run("GET k"));
    }

    [Fact]
    public void Lists_element_by_element()
    {
        Restore(new Payload(RdbForm.List).Length(3).String("a").Bytes(0xC0, 5).String("c"), version: 2);
        Assert.Equal("*3 $1 a $1 5 $1 c", _client.Run("LRANGE k 0 -1"));
    }

    [Fact]
    public void Ziplists_with_every_kind_of_element()
    {
        string medium = new('m', 300);
        string large = new('l', 20_000);
        byte[] list = Payload.ZipListOf(
            Payload.ZipText("text"), Payload.ZipText(medium), [0x80, 0, 0, 0x4E, 0x20, .. large.Select(c => (byte)c)],
            [0xF1], [0xFD], [0xFE, 0x80], [0xC0, 0x00, 0x80], [0xF0, 0x00, 0x00, 0x80], [0xD0, 0, 0, 0, 0x80],
            [0xE0, 0, 0, 0, 0, 0, 0, 0, 0x80], Payload.ZipText(""), Payload.ZipText("42"));
        Restore(new Payload(RdbForm.ListZipList).Bytes(0x80, 0, 0, (byte)(list.Length >> 8), (byte)list.Length).Bytes(list), version: 6);
        Assert.Equal($"*12 $4 text $300 {medium} $20000 {large} $1 0 $2 12 $4 -128 $6 -32768 $8 -8388608 $11 -2147483648 "
            + "$20 -9223372036854775808 $0  $2 42", _client.Run("LRANGE k 0 -1"));
    }

    [Fact]
    public void Lists_of_ziplists_of_which_one_is_empty()
    {
        Restore(new Payload(RdbForm.ListOfZipLists).Length(3).String(Payload.ZipListOf(Payload.ZipText("a")))
            .String(Payload.ZipListOf()).String(Payload.ZipListOf(Payload.ZipText("b"), [0xF3])), version: 7);
        Assert.Equal("*3 $1 a $1 b $1 2", _client.Run("LRANGE k 0 -1"));
        Refuse(new Payload(RdbForm.ListOfZipLists).Length(1).String(Payload.ZipListOf()));
    }

    [Fact]
    public void Lists_of_listpacks_and_of_elements_that_have_none()
    {
        Restore(new Payload(RdbForm.ListOfListPacks).Length(3).Length(2).String(Payload.ListPackOf("a", "1")).Length(1).String("plain")
            .Length(2).String(Payload.ListPackOf("b")));
        Assert.Equal("*4 $1 a $1 1 $5 plain $1 b", _client.Run("LRANGE k 0 -1"));
        Refuse(new Payload(RdbForm.ListOfListPacks).Length(1).Length(3).String("x"));
    }

    [Fact]
    public void Sets_member_by_member_as_integers_and_as_a_listpack()
    {
        Restore(new Payload(RdbForm.Set).Length(2).String("a").String("b"));
        Assert.Equal(":1", _client.Run("SISMEMBER k b"));
        Restore(new Payload(RdbForm.SetIntSet).String([2, 0, 0, 0, 3, 0, 0, 0, 0xFF, 0xFF, 1, 0, 2, 0]));
        Assert.Equal("$6 intset", _client.Run("OBJECT ENCODING k"));
        Assert.Equal(":3", _client.Run("SCARD k"));
        Restore(new Payload(RdbForm.SetListPack).String(Payload.ListPackOf("a", "7")), version: 11);
        Assert.Equal("$8 listpack", _client.Run("OBJECT ENCODING k"));
        Assert.Equal(":1", _client.Run("SISMEMBER k 7"));
    }

    [Fact]
    public void Sorted_sets_with_scores_as_text_as_doubles_and_in_both_packs()
    {
        Restore(new Payload(RdbForm.SortedSetOfText).Length(4).String("a").Bytes(3).Bytes("1.5"u8).String("b").Bytes(254).String("c").Bytes(255)
            .String("d").Bytes(1).Bytes("7"u8), version: 1);
        Assert.Equal("*8 $1 c $4 -inf $1 a $3 1.5 $1 d $1 7 $1 b $3 inf", _client.Run("ZRANGE k 0 -1 WITHSCORES"));
        Restore(new Payload(RdbForm.SortedSet).Length(2).String("b").Int64(BitConverter.DoubleToInt64Bits(2.25)).String("a")
            .Int64(BitConverter.DoubleToInt64Bits(-1)));
        Assert.Equal("*4 $1 a $2 -1 $1 b $4 2.25", _client.Run("ZRANGE k 0 -1 WITHSCORES"));
        Restore(new Payload(RdbForm.SortedSetZipList).String(Payload.ZipListOf(Payload.ZipText("a"), [0xF2], Payload.ZipText("b"), Payload.ZipText("1.5"))));
        Assert.Equal("*4 $1 a $1 1 $1 b $3 1.5", _client.Run("ZRANGE k 0 -1 WITHSCORES"));
        Restore(new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf("z", "3", "a", "1")));
        Assert.Equal("*4 $1 a $1 1 $1 z $1 3", _client.Run("ZRANGE k 0 -1 WITHSCORES"));
    }

    [Fact]
    public void Hashes_pair_by_pair_as_a_zipmap_a_ziplist_and_a_listpack()
    {
        Restore(new Payload(RdbForm.Hash).Length(2).String("a").String("1").String("b").String("2"));
        Assert.Equal("*2 $1 1 $1 2", _client.Run("HMGET k a b"));
        Restore(new Payload(RdbForm.HashZipMap).String([2, 1, (byte)'a', 2, 1, (byte)'x', (byte)'y', 0, 254, 1, 0, 0, 0, (byte)'b', 0, 0, 255]), version: 2);
        Assert.Equal("*2 $2 xy $0", _client.Run("HMGET k a b").TrimEnd());
        Restore(new Payload(RdbForm.HashZipList).String(Payload.ZipListOf(Payload.ZipText("a"), [0xF6])), version: 6);
        Assert.Equal("$1 5", _client.Run("HGET k a"));
        Restore(new Payload(RdbForm.HashListPack).String(Payload.ListPackOf("a", "6")));
        Assert.Equal("$1 6", _client.Run("HGET k a"));
    }

    [Fact]
    public void Hashes_whose_fields_expire_in_every_form()
    {
        long soonMs = _engine.Server.Databases.Clock.NowMs + 5000;
        string expected = $"*3 :{soonMs} :-1 :{soonMs + 1000}";
        Restore(new Payload(RdbForm.HashExpiring).Int64(soonMs).Length(3).Length(1).String("a").String("1").Length(0).String("b").String("2")
            .Length(1001).String("c").String("3"), version: 12);
        Check();
        Restore(new Payload(RdbForm.HashExpiringListPack).Int64(soonMs)
            .String(Payload.ListPackOf("a", "1", $"{soonMs}", "c", "3", $"{soonMs + 1000}", "b", "2", "0")), version: 12);
        Check();
        Restore(new Payload(RdbForm.HashExpiringListPackDraft)
            .String(Payload.ListPackOf("a", "1", $"{soonMs}", "c", "3", $"{soonMs + 1000}", "b", "2", "0")), version: 12);
        Check();
        Restore(new Payload(RdbForm.HashExpiringDraft).Length(3).Bytes(Length64(soonMs)).String("a").String("1").Length(0).String("b").String("2")
            .Bytes(Length64(soonMs + 1000)).String("c").String("3"), version: 12);
        Check();
        // Valkey has another form under the number of the draft.
        Restore(new Payload(RdbForm.HashExpiringDraft).Length(3).String("a").String("1").Int64(soonMs).String("b").String("2").Int64(-1)
            .String("c").String("3").Int64(soonMs + 1000), version: 80);
        Check();

        void Check()
        {
            Assert.Equal("*3 $1 1 $1 2 $1 3", _client.Run("HMGET k a b c"));
            Assert.Equal(expected, _client.Run("HPEXPIRETIME k FIELDS 3 a b c"));
            Assert.Equal("$10 listpackex", _client.Run("OBJECT ENCODING k"));
            Assert.Equal(1, _engine.Database.ExpiringHashCount);
        }

        static byte[] Length64(long value)
        {
            byte[] bytes = BitConverter.GetBytes(value);
            Array.Reverse(bytes);
            return [0x81, .. bytes];
        }
    }

    /// <summary>One node of three entries, of which one is deleted, and a group with one pending entry.</summary>
    [Theory]
    [InlineData(RdbForm.StreamOne, 9)]
    [InlineData(RdbForm.StreamTwo, 10)]
    [InlineData(RdbForm.StreamThree, 11)]
    internal void Streams_in_every_form(RdbForm form, int version)
    {
        byte[] node = Payload.ListPackOf(
            "2", "1", "1", "f", "0",
            "2", "0", "0", "a", "4",
            "3", "1", "0", "b", "4",
            "0", "2", "5", "1", "g", "c", "6");
        var payload = new Payload(form).Length(1).String(Id(5, 0)).String(node).Length(2).Length(9).Length(1);
        if (form >= RdbForm.StreamTwo) payload.Length(5).Length(0).Length(6).Length(0).Length(7);
        payload.Length(1).String("crew").Length(5).Length(0);
        if (form >= RdbForm.StreamTwo) payload.Length(1);
        payload.Length(1).Bytes(Id(5, 0)).Int64(1000).Length(3).Length(1).String("ada").Int64(2000);
        if (form >= RdbForm.StreamThree) payload.Int64(1500);
        Restore(payload.Length(1).Bytes(Id(5, 0)), version);

        Assert.Equal("*2 *2 $3 5-0 *2 $1 f $1 a *2 $3 7-5 *2 $1 g $1 c", _client.Run("XRANGE k - +"));
        string info = _client.Run("XINFO STREAM k FULL");
        Assert.Contains("last-generated-id $3 9-1", info, StringComparison.Ordinal);
        Assert.Contains($"entries-added :{(form == RdbForm.StreamOne ? 2 : 7)}", info, StringComparison.Ordinal);
        Assert.Contains("pending *1 *4 $3 5-0 $3 ada :1000 :3", info, StringComparison.Ordinal);
        Assert.Contains($"seen-time :2000 $11 active-time :{(form == RdbForm.StreamThree ? 1500 : 2000)}", info, StringComparison.Ordinal);
        Assert.Equal("+OK", _client.Run("RESTORE", "again", "0", Dump(), "REPLACE"));
    }

    [Fact]
    public void Streams_that_say_what_is_not_so_are_refused()
    {
        // An entry before the node's key, a count that is not true, a pending entry that is another's.
        Refuse(Stream(Payload.ListPackOf("1", "0", "1", "f", "0", "2", "-1", "0", "a", "4")));
        Refuse(Stream(Payload.ListPackOf("2", "0", "1", "f", "0", "2", "0", "0", "a", "4")));
        Refuse(Stream(Payload.ListPackOf("1", "0", "1", "f", "0", "2", "0", "0", "a", "5")));
        Refuse(Stream(Payload.ListPackOf("1", "0", "9", "f", "0", "2", "0", "0", "a", "4")));
        byte[] node = Payload.ListPackOf("1", "0", "1", "f", "0", "2", "0", "0", "a", "4");
        Restore(Stream(node));
        Refuse(Group(Stream(node, groups: 1)).Length(2)
            .String("ada").Int64(1).Length(1).Bytes(Id(5, 0)).String("bob").Int64(1).Length(1).Bytes(Id(5, 0)));
        Refuse(Group(Stream(node, groups: 1)).Length(1).String("ada").Int64(1).Length(1).Bytes(Id(6, 0)));
        Refuse(Group(Stream(node, groups: 1)).Length(0));

        static Payload Stream(byte[] node, int groups = 0) =>
            new Payload(RdbForm.StreamTwo).Length(1).String(Id(5, 0)).String(node).Length(1).Length(5).Length(0).Length(5).Length(0)
                .Length(0).Length(0).Length(1).Length(groups);

        static Payload Group(Payload stream) =>
            stream.String("crew").Length(5).Length(0).Length(1).Length(1).Bytes(Id(5, 0)).Int64(1000).Length(1);
    }

    private string Dump()
    {
        Key key = _engine.Database.Open("k"u8);
        var writer = new RdbWriter(_engine.Server.Settings);
        DumpPayload.Write(writer, key.Entry);
        return System.Text.Encoding.Latin1.GetString(writer.Written);
    }

    private static byte[] Id(ulong ms, ulong seq)
    {
        var bytes = new byte[StreamId.BinaryBytes];
        new StreamId(ms, seq).WriteTo(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(RdbForm.Module)]
    [InlineData(RdbForm.ModuleOld)]
    [InlineData((RdbForm)8)]
    [InlineData((RdbForm)26)]
    [InlineData((RdbForm)99)]
    [InlineData((RdbForm)255)]
    internal void Forms_that_Galley_does_not_have_are_refused(RdbForm form) => Refuse(new Payload(form).Bytes(new byte[50]), version: 12);

    private void Restore(Payload payload, int version = 10)
    {
        string reply = _client.Run("RESTORE", "k", "0", payload.Seal(version), "REPLACE");
        Assert.Equal("+OK", reply);
    }

    private void Refuse(Payload payload, int version = 10) =>
        Assert.Equal("-ERR Bad data format", _client.Run("RESTORE", "k", "0", payload.Seal(version), "REPLACE"));
}
