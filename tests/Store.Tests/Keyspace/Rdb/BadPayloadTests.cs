using System.Text;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Rdb;

/// <summary>Payloads that lie: each is refused, and nothing of it stays.</summary>
public sealed class BadPayloadTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly TestClient _client;

    public BadPayloadTests() => _client = _engine.Connect();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Elements_that_are_there_twice()
    {
        Refuse(new Payload(RdbForm.Set).Length(2).String("a").String("a"));
        Refuse(new Payload(RdbForm.Set).Length(2).String("5").Bytes(0xC0, 5));
        Refuse(new Payload(RdbForm.SetListPack).String(Payload.ListPackOf("a", "b", "a")));
        Refuse(new Payload(RdbForm.SetIntSet).String([2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0]));
        Refuse(new Payload(RdbForm.Hash).Length(2).String("a").String("1").String("a").String("2"));
        Refuse(new Payload(RdbForm.HashListPack).String(Payload.ListPackOf("a", "1", "a", "2")));
        Refuse(new Payload(RdbForm.HashZipMap).String([2, 1, (byte)'a', 0, 0, 1, (byte)'a', 0, 0, 255]));
        Refuse(new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf("a", "1", "a", "2")));
        Refuse(new Payload(RdbForm.SortedSet).Length(2).String("a").Int64(0).String("a").Int64(0));
        // More than stay packed.
        Refuse(ManyMembers(200));
    }

    [Fact]
    public void Scores_and_times_that_are_none()
    {
        Refuse(new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf("a", "x")));
        Refuse(new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf("a", "nan")));
        Refuse(new Payload(RdbForm.SortedSet).Length(1).String("a").Int64(BitConverter.DoubleToInt64Bits(double.NaN)));
        Refuse(new Payload(RdbForm.SortedSetOfText).Length(1).String("a").Bytes(253));
        Refuse(new Payload(RdbForm.SortedSetOfText).Length(1).String("a").Bytes(1).Bytes("x"u8));
        Refuse(new Payload(RdbForm.HashExpiringListPackDraft).String(Payload.ListPackOf("a", "1", "x")));
        Refuse(new Payload(RdbForm.HashExpiringListPackDraft).String(Payload.ListPackOf("a", "1", "-5")));
        Refuse(new Payload(RdbForm.HashExpiring).Int64(-1).Length(1).Length(1).String("a").String("1"));
        Refuse(new Payload(RdbForm.HashExpiring).Int64(1L << 60).Length(1).Length(1).String("a").String("1"));
        Refuse(new Payload(RdbForm.HashExpiring).Int64(5).Length(1).Bytes(0x81, 255, 255, 255, 255, 255, 255, 255, 255).String("a").String("1"));
    }

    [Fact]
    public void Collections_of_nothing()
    {
        foreach (RdbForm form in (RdbForm[])[RdbForm.List, RdbForm.Set, RdbForm.Hash, RdbForm.SortedSet, RdbForm.SortedSetOfText, RdbForm.ListOfListPacks])
            Refuse(new Payload(form).Length(0));
        foreach (RdbForm form in (RdbForm[])[RdbForm.HashListPack, RdbForm.SetListPack, RdbForm.SortedSetListPack, RdbForm.HashExpiringListPackDraft])
            Refuse(new Payload(form).String(Payload.ListPackOf()));
        Refuse(new Payload(RdbForm.SetIntSet).String([2, 0, 0, 0, 0, 0, 0, 0]));
        Refuse(new Payload(RdbForm.HashZipMap).String([0, 255]));
    }

    [Fact]
    public void Words_without_a_partner()
    {
        Refuse(new Payload(RdbForm.HashListPack).String(Payload.ListPackOf("a", "1", "b")));
        Refuse(new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf("a", "1", "b")));
        Refuse(new Payload(RdbForm.HashZipList).String(Payload.ZipListOf(Payload.ZipText("a"))));
        Refuse(new Payload(RdbForm.HashExpiringListPackDraft).String(Payload.ListPackOf("a", "1", "0", "b")));
    }

    [Theory]
    [InlineData(RdbForm.List)]
    [InlineData(RdbForm.Set)]
    [InlineData(RdbForm.Hash)]
    [InlineData(RdbForm.SortedSet)]
    [InlineData(RdbForm.SortedSetOfText)]
    [InlineData(RdbForm.ListOfListPacks)]
    [InlineData(RdbForm.ListOfZipLists)]
    internal void Counts_and_lengths_that_are_far_too_large_cost_nothing(RdbForm form)
    {
        byte[] huge = [0x81, 0x7F, 255, 255, 255, 255, 255, 255, 255];
        byte[] large = [0x80, 0x7F, 255, 255, 255];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(new Payload(form).Bytes(huge).String("a").String("b"));
        Refuse(new Payload(form).Bytes(large).String("a").String("b"));
        Refuse(new Payload(form).Length(1).Bytes(huge));
        Refuse(new Payload(form).Length(1).Bytes(large));
        Refuse(new Payload(form).Length(1).Bytes(0xC3).Length(10).Bytes(large).Bytes(new byte[10]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Fact]
    public void What_was_there_stays_when_its_successor_is_refused()
    {
        _client.Run("SET k before PX 100000");
        Assert.Equal("-ERR Bad data format", _client.Run("RESTORE", "k", "0", ManyMembers(300).Seal(), "REPLACE"));
        Assert.Equal("$6 before", _client.Run("GET k"));
        Assert.Equal(":1", _client.Run("DBSIZE"));
    }

    [Fact]
    public void The_end_is_looked_at_first()
    {
        string good = new Payload(RdbForm.String).String("x").Seal();
        foreach (string bad in (string[])["", "short", good[..^1], good[..^1] + "!", "!" + good[1..], new Payload(RdbForm.String).String("x").Seal(0),
            new Payload(RdbForm.String).String("x").Seal(60), new Payload(RdbForm.String).String("x").Seal(999)])
            Assert.Equal("-ERR DUMP payload version or checksum are wrong", _client.Run("RESTORE", "k", "0", bad));
    }

    [Theory]
    [InlineData(RdbForm.Set)]
    [InlineData(RdbForm.Hash)]
    [InlineData(RdbForm.SortedSet)]
    internal void A_large_collection_that_ends_badly_leaves_no_memory_behind(RdbForm form)
    {
        long before = UsedBytes();
        foreach (int count in (int[])[600, 640, 3000])
        {
            Refuse(Many(form, count, "member 3"));
            Refuse(Many(form, count, "member " + (count - 1)));
            Refuse(Many(form, count, null));
            Assert.Equal(before, UsedBytes());
        }
        Assert.Equal("+OK", _client.Run("RESTORE", "k", "0", Many(form, 3000, "member 3000").Seal()));
        Assert.NotEqual(before, UsedBytes());
    }

    /// <summary>What is used when what was dropped is freed.</summary>
    private long UsedBytes()
    {
        for (int turns = 0; turns < 50; turns++) _engine.Engine.RunCron();
        return _engine.Engine.Server.Databases.Arena.UsedBytes;
    }

    /// <summary>A collection of so many elements, of which the last is this one, or is missing.</summary>
    private static Payload Many(RdbForm form, int count, string? last)
    {
        Payload payload = new Payload(form).Length(count);
        for (int i = 1; i <= count; i++)
        {
            string? element = i < count ? "member " + i : last;
            if (element is null) break;
            payload.String(element);
            if (form == RdbForm.Hash) payload.String("value");
            if (form == RdbForm.SortedSet) payload.Int64(BitConverter.DoubleToInt64Bits(count - i));
        }
        return payload;
    }

    /// <summary>A set of so many members, of which the last is there before.</summary>
    private static Payload ManyMembers(int count)
    {
        Payload payload = new Payload(RdbForm.Set).Length(count);
        for (int i = 1; i < count; i++) payload.String("member " + i);
        return payload.String("member 3");
    }

    private void Refuse(Payload payload)
    {
        Assert.Equal("-ERR Bad data format", _client.Run("RESTORE", "k", "0", payload.Seal(12)));
        Assert.Equal(":0", _client.Run("EXISTS k"));
        Assert.Equal(":0", _client.Run("DBSIZE"));
    }
}
