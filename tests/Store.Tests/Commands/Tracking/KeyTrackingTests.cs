using System.Text;
using System.Text.RegularExpressions;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands.Tracking;

/// <summary>What a transcript beside redis-server cannot show: chance, turns, numbers, and what is left behind.</summary>
public sealed class KeyTrackingTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _reader;
    private readonly TestClient _writer;

    public KeyTrackingTests()
    {
        _reader = Connect();
        _writer = _fixture.Connect();
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_reader_of_a_key_is_told_once()
    {
        _reader.Run("CLIENT TRACKING ON");
        _reader.Run("MGET a b a");
        Assert.Equal((2, 2), (Figure("tracking_total_keys"), Figure("tracking_total_items")));
        _writer.Run("SET a 1");
        Assert.Equal([">2 $10 invalidate *1 $1 a"], _reader.TakePushes());
        _writer.Run("SET a 2");
        Assert.Empty(_reader.TakePushes());
        Assert.Equal((1, 1), (Figure("tracking_total_keys"), Figure("tracking_total_items")));
    }

    [Fact]
    public void All_readers_are_told_and_items_are_counted_for_each()
    {
        TestClient[] readers = [.. Enumerable.Range(0, 40).Select(_ => Connect())];
        foreach (TestClient reader in readers)
        {
            reader.Run("CLIENT TRACKING ON");
            reader.Run("MGET a b");
        }
        Assert.Equal((40, 2, 80), (Figure("tracking_clients"), Figure("tracking_total_keys"), Figure("tracking_total_items")));
        // Nothing was there, so nothing has changed.
        _writer.Run("DEL a");
        Assert.All(readers, reader => Assert.Empty(reader.TakePushes()));
        _writer.Run("SET a 1");
        Assert.All(readers, reader => Assert.Equal([">2 $10 invalidate *1 $1 a"], reader.TakePushes()));
        Assert.Equal((1, 40), (Figure("tracking_total_keys"), Figure("tracking_total_items")));
    }

    [Fact]
    public void Nobody_tracks_and_nothing_is_remembered()
    {
        _reader.Run("GET a");
        _writer.Run("SET a 1");
        Assert.False(_fixture.Server.Tracking.IsActive);
        _reader.Run("CLIENT TRACKING ON");
        Assert.True(_fixture.Server.Tracking.IsActive);
        _reader.Run("CLIENT TRACKING OFF");
        Assert.False(_fixture.Server.Tracking.IsActive);
    }

    [Fact]
    public void Keys_beyond_the_setting_are_forgotten_at_random_and_told_of_before_the_next_command()
    {
        _reader.Run("CLIENT TRACKING ON");
        _writer.Run("CONFIG SET tracking-table-max-keys 10");
        _reader.Run("MGET " + string.Join(' ', Enumerable.Range(0, 60)));
        Assert.Equal(60, _fixture.Server.Tracking.KeyCount);
        _writer.Run("PING");
        string[] told = [.. _reader.TakePushes().Select(push => push.Split(' ')[^1])];
        Assert.Equal(10, _fixture.Server.Tracking.KeyCount);
        Assert.Equal(50, told.Distinct().Count());
        // In 60!/10! orders, they are not told in the one in which they were read, nor are the first ones always those that go.
        Assert.NotEqual(told.Select(int.Parse).Order(), told.Select(int.Parse));
    }

    [Fact]
    public void Keys_beyond_the_setting_are_also_forgotten_when_nobody_calls()
    {
        _reader.Run("CLIENT TRACKING ON");
        _writer.Run("CONFIG SET tracking-table-max-keys 3");
        _reader.Run("MGET " + string.Join(' ', Enumerable.Range(0, 500)));
        for (int turns = 0; turns < 100 && _fixture.Server.Tracking.KeyCount > 3; turns++) _fixture.Pass(1);
        Assert.Equal(3, _fixture.Server.Tracking.KeyCount);
        Assert.Equal(497, _reader.TakePushes().Distinct().Count());
    }

    [Fact]
    public void Each_command_forgets_100_keys_more_than_the_one_before_while_that_is_not_enough()
    {
        _reader.Run("CLIENT TRACKING ON");
        _writer.Run("CONFIG SET tracking-table-max-keys 1");
        _reader.Run("MGET " + string.Join(' ', Enumerable.Range(0, 700)));
        foreach (int left in (int[])[600, 400, 100, 1, 1])
        {
            _writer.Run("PING");
            Assert.Equal(left, _fixture.Server.Tracking.KeyCount);
        }
    }

    [Fact]
    public void Prefixes_are_told_at_the_end_of_a_turn_of_all_that_has_changed_in_it()
    {
        TestClient own = Connect();
        _reader.Run("CLIENT TRACKING ON BCAST PREFIX user: PREFIX news:");
        own.Run("CLIENT TRACKING ON BCAST NOLOOP");
        RunInOneTurn((own, "SET user:2 x"), (own, "SET user:2 y"), (_writer, "SET user:1 x"), (own, "SET user:1 y"),
            (_writer, "MSET user:3 x other x news:1 x"), (_writer, "DEL user:3"));
        Assert.Equal([">2 $10 invalidate *1 $6 news:1", ">2 $10 invalidate *3 $6 user:1 $6 user:2 $6 user:3"], _reader.TakePushes());
        // What it alone has changed it knows; what another has changed in the same turn it does not.
        Assert.Equal([">2 $10 invalidate *4 $6 news:1 $5 other $6 user:1 $6 user:3"], own.TakePushes());
        Assert.Equal(3, Figure("tracking_total_prefixes"));
        _writer.Run("PING");
        Assert.Empty(_reader.TakePushes());
    }

    [Fact]
    public void CLIENT_LIST_shows_how_a_client_tracks_keys()
    {
        TestClient told = Connect();
        Assert.Equal("flags=N redir=-1", Line(_reader));
        _reader.Run("CLIENT TRACKING ON");
        Assert.Equal("flags=t redir=0", Line(_reader));
        _reader.Run("CLIENT TRACKING OFF");
        _reader.Run($"CLIENT TRACKING ON BCAST REDIRECT {told.Session.Id}");
        Assert.Equal($"flags=tB redir={told.Session.Id}", Line(_reader));
        _fixture.Engine.CloseSession(told.Session);
        Assert.Equal($"flags=tB redir={told.Session.Id}", Line(_reader));
        _writer.Run("SET k 1");
        Assert.Equal($"flags=tRB redir={told.Session.Id}", Line(_reader));
        Assert.Equal([$">2 $21 tracking-redir-broken :{told.Session.Id}"], _reader.TakePushes());
    }

    [Theory]
    [InlineData(SessionKind.WebSocket)]
    [InlineData(SessionKind.Http)]
    public void A_client_without_a_connection_of_RESP_is_not_told_for_another(SessionKind kind)
    {
        Session session = _fixture.Engine.OpenSession(kind, "test");
        Assert.Equal("-ERR The client ID you want redirect to does not exist", _reader.Run($"CLIENT TRACKING ON REDIRECT {session.Id}"));
    }

    [Fact]
    public void A_client_that_goes_takes_its_prefixes_with_it_and_the_last_one_all()
    {
        TestClient other = Connect();
        _reader.Run("CLIENT TRACKING ON BCAST PREFIX a PREFIX b");
        other.Run("CLIENT TRACKING ON");
        other.Run("GET k");
        _fixture.Engine.CloseSession(_reader.Session);
        Assert.Equal((1, 1, 0), (Figure("tracking_clients"), Figure("tracking_total_keys"), Figure("tracking_total_prefixes")));
        _writer.Run("SET a1 1");
        Assert.Empty(_reader.TakePushes());
        _fixture.Engine.CloseSession(other.Session);
        Assert.Equal((0, 0, 0), (Figure("tracking_clients"), Figure("tracking_total_keys"), Figure("tracking_total_items")));
        Assert.False(_fixture.Server.Tracking.IsActive);
        _writer.Run("SET k 1");
        Assert.Empty(other.TakePushes());
    }

    [Fact]
    public void A_client_in_whose_place_another_is_told_hears_it_after_that_one_s_transaction()
    {
        var connection = TestConnection.From("127.0.0.1:1");
        Session told = new(_fixture.Server.Sessions.NextId(), SessionKind.Resp, connection.Output) { Connection = connection, IsAuthenticated = true };
        _fixture.Server.Sessions.Add(told);
        _reader.Run($"CLIENT TRACKING ON REDIRECT {told.Id}");
        _reader.Run("GET k");
        foreach (string command in (string[])["HELLO 3", "MULTI", "SET k 1", "PING"]) TestClient.Run(_fixture.Engine, told, command);
        Assert.Equal("*2 +OK +PONG >2 $10 invalidate *1 $1 k", TestClient.Run(_fixture.Engine, told, "EXEC"));
    }

    [Fact]
    public void A_field_whose_time_is_over_changes_its_hash()
    {
        _reader.Run("CLIENT TRACKING ON NOLOOP");
        _writer.Run("HSET h a 1 b 2");
        _writer.Run("HPEXPIRE h 100 FIELDS 1 a");
        _reader.Run("HGETALL h");
        _fixture.Pass(200);
        Assert.Equal([">2 $10 invalidate *1 $1 h"], _reader.TakePushes());
        Assert.Equal("%1 $1 b $1 2", _reader.Run("HGETALL h"));
    }

    [Fact]
    public async Task A_client_that_has_waited_for_a_key_and_changed_another_is_told_after_its_reply()
    {
        _reader.Run("CLIENT TRACKING ON");
        _reader.Run("LRANGE target 0 -1");
        Task waiting = _reader.Start("BLMOVE source target LEFT LEFT 0");
        _writer.Run("RPUSH source x");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("$1 x", _reader.TakeReply());
        Assert.Equal([">2 $10 invalidate *1 $6 target"], _reader.TakePushes());
    }

    /// <summary>A large table is freed in turns, and nothing of it stays.</summary>
    [Fact]
    public void FLUSHALL_forgets_a_hundred_thousand_keys_in_turns()
    {
        long before = _fixture.Server.Databases.Arena.UsedBytes;
        _reader.Run("CLIENT TRACKING ON");
        for (int i = 0; i < 100; i++) _reader.Run("MGET " + string.Join(' ', Enumerable.Range(i * 1000, 1000)));
        Assert.Equal(100_000, Figure("tracking_total_keys"));
        _writer.Run("FLUSHALL");
        Assert.Equal((0, 0), (Figure("tracking_total_keys"), Figure("tracking_total_items")));
        Assert.True(_fixture.Server.Databases.Arena.UsedBytes - before > 1_000_000, "The command itself has freed little.");
        for (int turns = 0; turns < 10_000 && _fixture.Server.Databases.Arena.UsedBytes != before; turns++) _fixture.Pass(1);
        Assert.Equal(before, _fixture.Server.Databases.Arena.UsedBytes);
        Assert.Equal([">2 $10 invalidate _"], _reader.TakePushes());
    }

    [Fact]
    public void Random_reads_and_changes_tell_each_reader_as_a_plain_model_would()
    {
        var random = new Random(7);
        TestClient[] readers = [.. Enumerable.Range(0, 5).Select(_ => Connect())];
        HashSet<string>[] read = [.. readers.Select(_ => new HashSet<string>())];
        foreach (TestClient reader in readers) reader.Run("CLIENT TRACKING ON");
        for (int step = 0; step < 20_000; step++)
        {
            string key = $"key:{random.Next(300)}";
            int i = random.Next(readers.Length);
            if (random.Next(3) > 0)
            {
                readers[i].Run("GET", key);
                read[i].Add(key);
                continue;
            }
            _writer.Run("SET", key, "v");
            for (int j = 0; j < readers.Length; j++)
            {
                string[] expected = read[j].Remove(key) ? [$">2 $10 invalidate *1 ${key.Length} {key}"] : [];
                Assert.Equal(expected, readers[j].TakePushes());
            }
        }
        Assert.Equal(read.Sum(keys => keys.Count), _fixture.Server.Tracking.ItemCount);
        Assert.Equal(read.SelectMany(keys => keys).Distinct().Count(), _fixture.Server.Tracking.KeyCount);
    }

    private TestClient Connect()
    {
        TestClient client = _fixture.Connect();
        client.Run("HELLO 3");
        return client;
    }

    private void RunInOneTurn(params (TestClient Client, string Command)[] calls) => _fixture.Engine.InTurn(() =>
    {
        foreach ((TestClient client, string command) in calls)
        {
            var request = new DoorRequest { Session = client.Session };
            request.Add(Arguments.Of(Array.ConvertAll(command.Split(' '), Encoding.ASCII.GetBytes)));
            _fixture.Engine.RunInTurn(request);
        }
    });

    private long Figure(string name) =>
        long.Parse(Regex.Match(_writer.Run("INFO"), $@"\b{name}:(\d+)").Groups[1].Value);

    private string Line(TestClient client)
    {
        string line = _writer.Run($"CLIENT LIST ID {client.Session.Id}");
        return $"{Field(line, "flags")} {Field(line, "redir")}";
    }

    private static string Field(string line, string name) => Regex.Match(line, $@"\b{name}=\S+").Value;
}
