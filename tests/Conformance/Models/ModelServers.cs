using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Models;

/// <summary>
/// redis-server and Galley side by side, from the same beginning: empty, with the same settings. Commands go to both in
/// pipelines, and a subscriber of each hears what happens to the keys.
/// </summary>
public sealed class ModelServers : IDisposable
{
    private const int PatienceMs = 60_000;
    private readonly Side _redis;
    private readonly Side _galley;
    private ReplyComparison _replies = new();

    public ModelServers(ServerProcess redis, ServerProcess galley, int resp, IReadOnlyList<string> settings)
    {
        _redis = new Side(redis, resp, settings);
        _galley = new Side(galley, resp, settings);
        Known = [.. _redis.CommandNames().Intersect(_galley.CommandNames()).Select(name => name.ToUpperInvariant())];
        // What both refuse is compared too.
        Known.Add("BOGUS");
    }

    /// <summary>The commands that both have.</summary>
    public HashSet<string> Known { get; }

    /// <summary>Those of them that change keys, by redis-server's table.</summary>
    public IEnumerable<string> WriteCommands() => _redis.WriteCommands().Where(Known.Contains);

    /// <summary>Begins anew; who is told of each reply is told of those that follow.</summary>
    public void Begin(Action<ModelCommand, Reply, Reply>? answered = null)
    {
        _redis.Empty();
        _galley.Empty();
        _replies = new ReplyComparison();
        if (answered is not null) _replies.Answered += answered;
    }

    /// <summary>Runs the commands on both, and compares what they said and what was heard; the index of the command where they part, or -1.</summary>
    public int Run(IReadOnlyList<ModelCommand> commands, out string difference)
    {
        byte[] bytes = [.. commands.SelectMany(command => CommandLine.Encode(command.Words))];
        _redis.Commands.Send(bytes);
        _galley.Commands.Send(bytes);
        int parted = -1;
        difference = "";
        for (int i = 0; i < commands.Count; i++)
        {
            Reply expected = _redis.Commands.Read();
            Reply actual = _galley.Commands.Read();
            if (_replies.IsSame(commands[i], expected, actual) || parted >= 0) continue;
            parted = i;
            difference = $"{commands[i]}\n    redis    {expected}\n    galley   {actual}";
            if (actual.IsMissing) difference += $"\n{_galley.Server.Log}";
            if (actual.IsMissing || expected.IsMissing) return parted;
        }
        if (parted >= 0 || SameEvents(out difference)) return parted;
        return commands.Count - 1;
    }

    /// <summary>Compares all that they hold; true where it is the same.</summary>
    public bool SameContent(EncodingLog? encodings, out string difference)
    {
        ModelContent expected = ModelContent.Of(_redis.Aside);
        encodings?.See(expected.Encodings);
        difference = string.Join('\n', expected.Differences(ModelContent.Of(_galley.Aside)).Take(5));
        return difference.Length == 0 && KeySizesCheck.IsExact(_galley.Aside, out difference);
    }

    public void Dispose()
    {
        _redis.Dispose();
        _galley.Dispose();
    }

    private bool SameEvents(out string difference)
    {
        List<string> expected = _redis.Events();
        List<string> actual = _galley.Events();
        difference = "";
        if (expected.SequenceEqual(actual)) return true;
        int at = 0;
        while (at < expected.Count && at < actual.Count && expected[at] == actual[at]) at++;
        difference = $"event {at}, after {string.Join(", ", expected.Take(at).TakeLast(4))}\n"
            + $"    redis    {string.Join(", ", expected.Skip(at).Take(6))}\n    galley   {string.Join(", ", actual.Skip(at).Take(6))}";
        return false;
    }

    /// <summary>One server: the connection of the commands, one that hears events, and one for questions.</summary>
    private sealed class Side : IDisposable
    {
        private const string End = "model:end";
        private static readonly byte[] EndOfBatch = CommandLine.Encode("PUBLISH", End, "");
        private readonly RespConnection _events;
        private readonly int _resp;
        private readonly List<(string Name, string Value)> _before = [];

        public Side(ServerProcess server, int resp, IReadOnlyList<string> settings)
        {
            Server = server;
            _resp = resp;
            Commands = server.Connect(PatienceMs);
            Aside = server.Connect(PatienceMs);
            _events = server.Connect(PatienceMs);
            foreach (string setting in settings.Append("notify-keyspace-events AKE"))
            {
                string name = setting[..setting.IndexOf(' ', StringComparison.Ordinal)];
                Reply value = Aside.Ask("CONFIG", "GET", name);
                if (value.Items.Count != 2) continue; // One of newer servers.
                _before.Add((name, value.Items[1].Text));
                Aside.Ask("CONFIG", "SET", name, setting[(name.Length + 1)..]);
            }
            _events.Ask("PSUBSCRIBE", "__key*__:*");
            _events.Ask("SUBSCRIBE", End);
        }

        public ServerProcess Server { get; }

        public RespConnection Commands { get; }

        public RespConnection Aside { get; }

        public void Empty()
        {
            Aside.Ask("FLUSHALL");
            Commands.Ask("RESET");
            Commands.Ask("HELLO", $"{_resp}");
            Events();
        }

        /// <summary>What was heard since it was last asked: <c>__keyevent@0__:set key</c>.</summary>
        public List<string> Events()
        {
            Aside.Send(EndOfBatch);
            Aside.Read();
            var heard = new List<string>();
            while (true)
            {
                Reply message = _events.Read();
                if (message.IsMissing) heard.Add(message.Text);
                if (message.IsMissing || message.Items[1].Text == End) return heard;
                heard.Add($"{message.Items[2].Text} {message.Items[3].Text}");
            }
        }

        public IEnumerable<string> CommandNames() => Aside.Ask("COMMAND", "LIST").Items.Select(name => name.Text);

        public IEnumerable<string> WriteCommands() =>
            Aside.Ask("COMMAND").Items.Where(info => info.Items[2].Items.Any(flag => flag.Text == "write")).Select(info => info.Items[0].Text.ToUpperInvariant());

        public void Dispose()
        {
            foreach ((string name, string value) in _before) Aside.Ask("CONFIG", "SET", name, value);
            Commands.Dispose();
            _events.Dispose();
            Aside.Dispose();
        }
    }
}
