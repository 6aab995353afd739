using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;
using Galley.Store.Persistence.Rdb;
using Galley.Store.Tests.Commands;
using Galley.Store.Tests.Persistence.Files;
using Galley.Store.Tests.Persistence.Rdb;

namespace Galley.Store.Tests.Keyspace.Snapshots;

/// <summary>What commands say of all keys, a line each, and what a file makes of them.</summary>
internal static class Picture
{
    public const int Databases = 2;

    /// <summary>Small nodes, so that there are many.</summary>
    public const int StreamNodeEntries = 10;

    private const string Path = "/data/dump.rdb";

    /// <summary>All keys of the first databases with their expiry and their content, in an order that does not hang on the server.</summary>
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

    /// <summary>The keys of a server that has read this file.</summary>
    public static SortedDictionary<string, string> OfFile(byte[] file)
    {
        var disk = new SimulatedFiles(1);
        disk.Place(Path, file);
        using FolderFixture server = FolderFixture.Start(disk);
        server.Engine.Server.Databases.Arena.Verify();
        return Of(server.Client);
    }

    /// <summary>The keys of a server that has run these commands.</summary>
    public static SortedDictionary<string, string> OfCommands(byte[] log)
    {
        using var server = new EngineFixture();
        TestClient client = server.Connect();
        client.Run($"CONFIG SET stream-node-max-entries {StreamNodeEntries}");
        int at = 0;
        while (at < log.Length)
        {
            var words = new string[Number(log, ref at)];
            for (int i = 0; i < words.Length; i++)
            {
                int length = Number(log, ref at);
                words[i] = Encoding.Latin1.GetString(log, at, length);
                at += length + 2;
            }
            string reply = client.Run(words);
            Assert.False(reply.StartsWith('-'), $"{string.Join(' ', words)}: {reply}");
        }
        server.Server.Databases.Arena.Verify();
        return Of(client);
    }

    /// <summary>The number between a type and the end of its line.</summary>
    private static int Number(byte[] log, ref int at)
    {
        int end = Array.IndexOf(log, (byte)'\r', at);
        int number = int.Parse(log.AsSpan((at + 1)..end), CultureInfo.InvariantCulture);
        at = end + 2;
        return number;
    }

    /// <summary>A snapshot as a file in memory, composed of its parts as a thread that writes a file does.</summary>
    public static RdbSnapshot File(GalleyEngine engine, MemoryStream file)
    {
        var composer = new RdbComposer(engine.Server.Settings);
        return new RdbSnapshot(engine.Server, new RdbParts(parts => file.Write(composer.Compose(parts))), static () => 0, isLogBase: false);
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
                return client.Run($"XRANGE {key} - +") + client.Run($"XINFO STREAM {key} FULL COUNT 0").Replace("radix-tree", "", StringComparison.Ordinal);
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
