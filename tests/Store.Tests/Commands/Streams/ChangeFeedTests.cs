namespace Galley.Store.Tests.Commands.Streams;

public sealed class ChangeFeedTests : IDisposable
{
    private readonly EngineFixture _fixture = new(configure: settings => settings.ChangeFeed = true);
    private readonly TestClient _client;

    public ChangeFeedTests() => _client = _fixture.Connect();

    [Fact]
    public void Every_event_is_an_entry_with_its_key_and_its_fields()
    {
        _client.Run("SET a 1");
        _client.Run("HSET h f 1 g 2");
        _client.Run("HDEL h f");
        _client.Run("RENAME a b");
        Assert.Equal("set a|hset h f g|hdel h f|rename_from a|rename_to b", Feed());
    }

    [Fact]
    public void Keys_and_fields_that_expire_are_told_of()
    {
        _client.Run("SET a 1 PX 10");
        _client.Run("HSET h f 1 g 2");
        _client.Run("HPEXPIRE h 10 FIELDS 1 f");
        _fixture.Pass(20);
        _fixture.Pass(200);
        Assert.Equal("expired a|hexpired h f", string.Join('|', Feed().Split('|')[^2..].Order()));
    }

    [Fact]
    public void It_is_in_the_log_as_one_unit_with_what_it_tells_of()
    {
        _client.Run("PING");
        _fixture.TakeLog();
        _client.Run("SET a 1");
        Assert.Equal($"MULTI; SELECT 0; SET a 1; XADD galley:changes MAXLEN = 1 {_fixture.Time.NowMs}-0 event set key a; EXEC", _fixture.TakeLog());
    }

    [Fact]
    public void It_is_bounded_and_what_happens_to_it_is_not_in_it()
    {
        _client.Run("CONFIG SET change-feed-maxlen 100");
        for (int i = 0; i < 1000; i++) _client.Run($"SET k{i} v");
        int length = int.Parse(_client.Run("XLEN galley:changes").Trim(' ', ':'), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(length, 100, 200);
        _client.Run("XADD galley:changes * event mine key x");
        _client.Run("EXPIRE galley:changes 1000");
        Assert.Equal($":{length + 1}", _client.Run("XLEN galley:changes"));
    }

    [Fact]
    public void Each_database_has_its_own_and_flushing_begins_it_anew()
    {
        _client.Run("SET a 1");
        _client.Run("SELECT 3");
        _client.Run("SET b 1");
        Assert.Equal("set b", Feed());
        _client.Run("FLUSHALL");
        Assert.Equal("flushdb", Feed());
        _client.Run("SELECT 0");
        Assert.Equal("flushdb", Feed());
    }

    [Fact]
    public void A_group_that_waits_is_served()
    {
        TestClient waiter = _fixture.Connect();
        _client.Run("XGROUP CREATE galley:changes g $ MKSTREAM");
        _ = waiter.Start("XREADGROUP GROUP g c BLOCK 0 STREAMS galley:changes >");
        _client.Run("SET a 1");
        Assert.Contains("event $3 set $3 key $1 a", waiter.TakeReply(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_holds_something_else_is_left_alone()
    {
        _client.Run("SET galley:changes mine");
        _client.Run("SET a 1");
        Assert.Equal("$4 mine", _client.Run("GET galley:changes"));
        Assert.Contains("change_feed_dropped:1", _client.Run("INFO galley"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_told_where_it_is_off()
    {
        _client.Run("CONFIG SET change-feed no");
        _client.Run("SET a 1");
        Assert.Equal(":0", _client.Run("EXISTS galley:changes"));
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>The words of all entries, but for the names of the entries' own fields: <c>set a|hset h f g</c>.</summary>
    private string Feed()
    {
        string[] words = _client.Run("XRANGE galley:changes - +").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] texts = [.. words.Where(word => word[0] is not ('*' or '$'))];
        return string.Join('|', string.Join(' ', texts.Where(text => text is not ("event" or "key" or "field")))
            .Split(' ').Aggregate(new List<string>(), (entries, text) =>
            {
                if (text.Contains('-', StringComparison.Ordinal)) entries.Add("");
                else entries[^1] += (entries[^1].Length > 0 ? " " : "") + text;
                return entries;
            }));
    }
}
