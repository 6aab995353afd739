using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Compaction;

/// <summary>All keys of the first databases, their expiry and their content, in an order that does not hang on the server.</summary>
internal static class Picture
{
    private const int Databases = 2;

    public static SortedDictionary<string, string> Of(TestClient client)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int database = 0; database < Databases; database++)
        {
            client.Run($"SELECT {database}");
            foreach (string key in Words(client.Run("KEYS *")))
                lines[$"{database}/{key}"] = $"{client.Run($"PEXPIRETIME {key}")} {Content(client, key)}";
        }
        client.Run("SELECT 0");
        return lines;
    }

    private static string Content(TestClient client, string key)
    {
        switch (client.Run($"TYPE {key}"))
        {
            case "+set":
                return Sorted(Words(client.Run($"SMEMBERS {key}")));
            case "+hash":
                string[] fields = Words(client.Run($"HKEYS {key}"));
                return Sorted([.. fields.Select(field => $"{field}={client.Run($"HGET {key} {field}")} {client.Run($"HPEXPIRETIME {key} FIELDS 1 {field}")}")]);
            case "+zset":
                return client.Run($"ZRANGE {key} 0 -1 WITHSCORES");
            case "+list":
                return client.Run($"LRANGE {key} 0 -1");
            case "+stream":
                return client.Run($"XRANGE {key} - +") + client.Run($"XINFO STREAM {key} FULL COUNT 0");
            default:
                return client.Run($"GET {key}");
        }
    }

    private static string Sorted(string[] words)
    {
        Array.Sort(words, StringComparer.Ordinal);
        return string.Join(' ', words);
    }

    /// <summary>The strings of an array.</summary>
    private static string[] Words(string reply)
    {
        string[] parts = reply.Split(' ');
        return [.. parts.Skip(1).Where((_, i) => i % 2 == 1)];
    }
}
