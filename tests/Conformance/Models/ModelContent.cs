using Galley.Conformance.Wire;

namespace Galley.Conformance.Models;

/// <summary>All that a server holds: every key with its value, its encoding and its time to live.</summary>
public sealed class ModelContent
{
    private const int Databases = 2;

    private readonly SortedDictionary<string, (string Type, Reply Value, string Encoding, Reply Expiry)> _keys = new(StringComparer.Ordinal);

    /// <summary>Every key, as database and name, with its encoding: <c>hash hashtable</c>.</summary>
    public IEnumerable<(string Key, string Encoding)> Encodings => _keys.Select(key => (key.Key, $"{key.Value.Type} {key.Value.Encoding}"));

    /// <summary>The size of every key's value, streams left out: a string's in bytes, a collection's in elements.</summary>
    public IEnumerable<(string Database, string Type, long Size)> Sizes =>
        from key in _keys
        where key.Value.Type != "stream"
        let items = key.Value.Value.Items.Count
        let size = key.Value.Type switch { "string" => key.Value.Value.Payload!.Length, "hash" or "zset" => items / 2, _ => items }
        select (key.Key[..key.Key.IndexOf(':', StringComparison.Ordinal)], key.Value.Type, (long)size);

    /// <summary>Reads it on a connection of its own.</summary>
    public static ModelContent Of(RespConnection connection)
    {
        var content = new ModelContent();
        for (int database = 0; database < Databases; database++)
        {
            connection.Ask("SELECT", $"{database}");
            byte[][] names = [.. connection.Ask("KEYS", "*").Items.Select(name => name.Payload!)];
            string[] types = [.. AskAll(connection, names.Select(name => Question("TYPE", name))).Select(reply => reply.Text)];
            Reply[] values = AskAll(connection, names.Zip(types, (name, type) => Question(ReadingOf(type), name)));
            Reply[] encodings = AskAll(connection, names.Select(name => Question("OBJECT ENCODING", name)));
            Reply[] expiries = AskAll(connection, names.Select(name => Question("PEXPIRETIME", name)));
            for (int i = 0; i < names.Length; i++)
                content._keys[$"{database}:{CommandLine.Quote(names[i])}"] = (types[i], values[i], encodings[i].Text, expiries[i]);
        }
        return content;
    }

    /// <summary>Where the other differs, as texts to read.</summary>
    public IEnumerable<string> Differences(ModelContent ours)
    {
        foreach (string key in _keys.Keys.Union(ours._keys.Keys))
        {
            if (!_keys.TryGetValue(key, out var expected)) yield return $"{key} is there in galley alone";
            else if (!ours._keys.TryGetValue(key, out var actual)) yield return $"{key} is there in redis alone";
            else if (expected.Type != actual.Type) yield return $"{key} is a {expected.Type} in redis, a {actual.Type} in galley";
            else if (!IsSameValue(expected.Type, expected.Value, actual.Value))
                yield return $"{key} holds\n    redis    {expected.Value}\n    galley   {actual.Value}";
            else if (!ReplyComparison.IsSameEncoding(expected.Encoding, actual.Encoding))
                yield return $"{key} is {expected.Encoding} in redis, {actual.Encoding} in galley";
            else if (!ReplyComparison.AreNear(expected.Expiry, actual.Expiry))
                yield return $"{key} expires at {expected.Expiry} in redis, {actual.Expiry} in galley";
        }
    }

    private static bool IsSameValue(string type, Reply oracle, Reply ours) => oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes) || type switch
    {
        "set" => ReplyComparison.IsSameInAnyOrder(oracle, ours, 1),
        "hash" => ReplyComparison.IsSameInAnyOrder(oracle, ours, 2),
        "stream" => ReplyComparison.AreNearlySame("XINFO", oracle, ours),
        _ => false,
    };

    /// <summary>What tells all that a key of this type holds; {} is its name.</summary>
    private static string ReadingOf(string type) => type switch
    {
        "list" => "LRANGE {} 0 -1",
        "hash" => "HGETALL",
        "set" => "SMEMBERS",
        "zset" => "ZRANGE {} 0 -1 WITHSCORES",
        "stream" => "XINFO STREAM {} FULL COUNT 0",
        _ => "GET",
    };

    private static byte[] Question(string template, byte[] name)
    {
        string[] words = template.Split(' ');
        byte[][] question = Array.ConvertAll(words, word => word == "{}" ? name : Draw.Text(word));
        return CommandLine.Encode(words.Contains("{}") ? question : [.. question, name]);
    }

    private static Reply[] AskAll(RespConnection connection, IEnumerable<byte[]> questions)
    {
        byte[][] all = [.. questions];
        connection.Send([.. all.SelectMany(question => question)]);
        return Array.ConvertAll(all, _ => connection.Read());
    }
}
