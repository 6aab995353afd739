using System.Globalization;
using System.Text;

namespace Galley.Store.Tests.Commands.Waiting;

/// <summary>
/// Clients that wait, push, move, are unblocked, go and come again, at random: nobody waits for what is there, nothing is
/// lost or handed out twice, and the books agree.
/// </summary>
public sealed class BlockingStormTests : IDisposable
{
    private const int Clients = 12;
    private const int Steps = 4000;
    private static readonly string[] Keys = ["a", "b", "c", "d"];

    private readonly EngineFixture _fixture = new();
    private readonly List<TestClient> _clients = [];
    private readonly TestClient _writer;
    private long _pushed;
    private long _taken;
    private long _flushed;

    public BlockingStormTests() => _writer = _fixture.Connect();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_no_element_is_lost_and_nobody_waits_for_what_is_there(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Clients; i++) _clients.Add(_fixture.Connect());
        for (int step = 0; step < Steps; step++)
        {
            string done = Step(random);
            foreach (TestClient client in _clients) CountTaken(client.TakeReply());
            Check($"seed {seed}, step {step}: {done}");
        }
        Assert.True(_taken > Steps / 20, $"Only {_taken} elements were taken: the storm is a calm.");
    }

    private string Step(Random random)
    {
        TestClient client = _clients[random.Next(Clients)];
        switch (random.Next(12))
        {
            case < 5:
                if (client.Session.IsBlocked) return "nothing";
                string waiting = Waiting(random);
                _ = client.Start(waiting);
                return waiting;
            case < 8:
                return Push(random);
            case 8:
                string reason = random.Next(2) == 0 ? "TIMEOUT" : "ERROR";
                _writer.Run($"CLIENT UNBLOCK {client.Session.Id} {reason}");
                return "unblock";
            case 9:
                _fixture.Engine.CloseSession(client.Session);
                CountTaken(client.TakeReply());
                _clients[_clients.IndexOf(client)] = _fixture.Connect();
                return "close";
            case 10:
                return Rearrange(random);
            default:
                _fixture.Pass(random.Next(400));
                return "time";
        }
    }

    private static string Waiting(Random random)
    {
        string one = Pick(random), other = Pick(random);
        string timeout = random.Next(3) == 0 ? "0.3" : "0";
        return random.Next(7) switch
        {
            0 => $"BRPOP {one} {other} {timeout}",
            1 => $"BLMPOP {timeout} 2 {one} {other} LEFT COUNT 2",
            2 => $"BLMOVE {one} {other} LEFT RIGHT {timeout}",
            3 => $"BRPOPLPUSH {one} {other} {timeout}",
            4 => $"BLMOVEM {one} {other} LEFT LEFT {timeout} EXACTLY 3 OBO",
            _ => $"BLPOP {one} {other} {timeout}",
        };
    }

    private string Push(Random random)
    {
        int count = random.Next(1, 4);
        string push = $"RPUSH {Pick(random)} {string.Join(' ', Enumerable.Range(0, count).Select(i => $"e{_pushed + i}"))}";
        if (random.Next(4) > 0) return Pushed(_writer.Run(push), count, push);
        foreach (string command in (string[])["MULTI", push, "RPUSH gone x", "DEL gone"]) _writer.Run(command);
        return Pushed(_writer.Run("EXEC"), count, "in a transaction " + push);
    }

    private string Pushed(string reply, int count, string what)
    {
        if (!reply.Contains("WRONGTYPE", StringComparison.Ordinal)) _pushed += count;
        return what;
    }

    /// <summary>Keys that go, come under another name, or are of another type for a while.</summary>
    private string Rearrange(Random random)
    {
        string one = Pick(random), other = Pick(random);
        switch (random.Next(4))
        {
            case 0:
                _flushed += Elements();
                _writer.Run("FLUSHALL");
                return "flush";
            case 1:
                if (_writer.Run($"EXISTS {other}") == ":1") return "nothing";
                _writer.Run($"RENAME {one} {other}");
                return $"rename {one} {other}";
            case 2:
                if (_writer.Run($"EXISTS {one}") == ":0") _writer.Run($"SET {one} v PX 200");
                return $"another type in {one}";
            default:
                _writer.Run("SWAPDB 0 1");
                _writer.Run("SWAPDB 0 1");
                return "swap";
        }
    }

    private void CountTaken(string reply)
    {
        if (reply.Length == 0 || reply[0] is '-' or '$' || reply == "*-1") return;
        // A pop names its key before what it has taken; a move does not, and takes nothing away.
        string[] words = reply.Split(' ');
        if (Keys.Contains(words[2])) _taken += words.Count(word => word.StartsWith('e'));
    }

    private void Check(string after)
    {
        Assert.True(_pushed == _taken + _flushed + Elements(), $"{after}: {_pushed} pushed, {_taken} taken, {_flushed} flushed, {Elements()} there");
        Assert.Equal(_clients.Count(client => client.Session.IsBlocked), _fixture.Server.Blocking.Count);
        Assert.False(_fixture.Server.Blocking.HasReady, after);
        foreach (TestClient client in _clients)
        {
            if (client.Session.Blocked is not { } blocked || blocked.Command.Name == "BLMOVEM") continue;
            for (int i = 0; i < blocked.Terms.KeyCount; i++)
            {
                string key = Encoding.ASCII.GetString(blocked.Arguments[blocked.Terms.FirstKey + i]);
                Assert.True(_writer.Run($"TYPE {key}") != "+list", $"{after}: {blocked.Command.Name} waits for {key}, which is there");
            }
        }
    }

    private long Elements() => Keys.Sum(key => _writer.Run($"TYPE {key}") == "+list" ? Number(_writer.Run($"LLEN {key}")) : 0);

    private static long Number(string reply) => long.Parse(reply.AsSpan(1), CultureInfo.InvariantCulture);

    private static string Pick(Random random) => Keys[random.Next(Keys.Length)];

    public void Dispose() => _fixture.Dispose();
}
