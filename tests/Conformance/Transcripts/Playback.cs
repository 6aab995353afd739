using System.Text;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Transcripts;

/// <summary>What one server said to one step.</summary>
public sealed record Observation(Step Step, IReadOnlyList<Reply> Replies);

/// <summary>Plays a section of a transcript to one server, and writes down what it says.</summary>
public sealed class Playback : IDisposable
{
    private const int ScanTurnsMax = 100_000;
    private readonly Dictionary<string, RespConnection> _connections = [];
    private readonly Dictionary<string, (MemoryStream Bytes, List<Step> Steps)> _held = [];
    private readonly List<Observation> _observations = [];
    private readonly Dictionary<string, byte[]> _ids = [];
    private readonly int _port;
    private readonly int _resp;

    private readonly bool _needsIds;

    private Playback(int port, int resp, Section section)
    {
        _port = port;
        _resp = resp;
        _needsIds = section.Steps.Any(step => step.Words.Any(IsId));
    }

    public static IReadOnlyList<Observation> Play(int port, Section section, int resp)
    {
        using (var clean = new RespConnection(port))
        {
            clean.Ask("FLUSHALL");
            clean.Ask("CONFIG", "SET", "notify-keyspace-events", "");
            clean.Ask("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        }
        using var playback = new Playback(port, resp, section);
        foreach (Step step in section.Steps.Where(s => s.OnlyResp == 0 || s.OnlyResp == resp)) playback.Do(step);
        playback.Leftovers(section);
        return playback._observations;
    }

    public void Dispose()
    {
        foreach (RespConnection connection in _connections.Values) connection.Dispose();
    }

    private void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Wait:
                Thread.Sleep(step.WaitMs);
                break;
            case StepKind.Hangup:
                On(step.Connection).Dispose();
                _connections.Remove(step.Connection);
                break;
            case StepKind.Read or StepKind.Closed:
                Observe(step);
                break;
            case StepKind.Scan:
                _observations.Add(new Observation(step, [Scan(step)]));
                break;
            default:
                Send(step);
                break;
        }
    }

    private void Send(Step step)
    {
        byte[] bytes = step.Kind == StepKind.Raw ? step.Bytes : CommandLine.Encode(Array.ConvertAll(step.Words, WithId));
        if (!_held.TryGetValue(step.Connection, out var held)) held = _held[step.Connection] = (new MemoryStream(), []);
        held.Bytes.Write(bytes);
        held.Steps.Add(step);
        if (step.IsHeld) return;
        _held.Remove(step.Connection);
        On(step.Connection).Send(held.Bytes.ToArray());
        foreach (Step sent in held.Steps) Observe(sent);
    }

    private void Observe(Step step)
    {
        RespConnection connection = On(step.Connection);
        var replies = new List<Reply>();
        while (replies.Count < step.Replies && !(replies.Count > 0 && replies[^1].IsMissing)) replies.Add(connection.Read());
        _observations.Add(new Observation(step, replies));
    }

    private Reply Scan(Step step)
    {
        var seen = new Dictionary<string, Reply>();
        byte[] cursor = "0"u8.ToArray();
        for (int turn = 0; turn < ScanTurnsMax; turn++)
        {
            byte[][] words = Array.ConvertAll(step.Words, w => w.AsSpan().SequenceEqual("{}"u8) ? cursor : w);
            Reply reply = On(step.Connection).Ask(words);
            if (reply.Items.Count != 2) return reply;
            foreach (Reply key in reply.Items[1].Items) seen[key.Text] = key;
            cursor = reply.Items[0].Payload!;
            if (cursor.AsSpan().SequenceEqual("0"u8)) return Reply.Collected(seen.Values);
        }
        return Reply.Missing("(a SCAN without end)");
    }

    /// <summary>RESET is answered in every state: what comes before its answer, nobody had read, and is compared as well.</summary>
    private void Leftovers(Section section)
    {
        foreach ((string name, RespConnection connection) in _connections)
        {
            var step = new Step(section.Steps[^1].Line, "what was left unread at the end", name, StepKind.Read);
            connection.Send(CommandLine.Encode("RESET"));
            var unread = new List<Reply>();
            do unread.Add(connection.Read());
            while (!unread[^1].IsMissing && unread[^1].Text != "RESET");
            _observations.Add(new Observation(step, unread));
        }
    }

    private RespConnection On(string name)
    {
        if (_connections.TryGetValue(name, out RespConnection? connection)) return connection;
        connection = _connections[name] = new RespConnection(_port);
        if (_resp == 3) connection.Ask("HELLO", "3");
        if (_needsIds) _ids[name] = connection.Ask("CLIENT", "ID").Payload!;
        return connection;
    }

    /// <summary>A word {b} is the id of the client on connection b, asked for at its beginning: later b may be subscribed, or wait.</summary>
    private byte[] WithId(byte[] word)
    {
        if (!IsId(word)) return word;
        string name = Encoding.Latin1.GetString(word[1..^1]);
        On(name);
        return _ids[name];
    }

    private static bool IsId(byte[] word) => word is [(byte)'{', _, .., (byte)'}'];
}
