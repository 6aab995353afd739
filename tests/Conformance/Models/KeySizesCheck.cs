using System.Globalization;
using System.Numerics;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Models;

/// <summary>INFO keysizes beside a recount of every key: what Galley keeps up to date with each change is to be exact.</summary>
public static class KeySizesCheck
{
    /// <summary>What has expired is in the figures, and not to be read, until it was met.</summary>
    private const int PatienceMs = 5000;

    private const int LookAgainMs = 5;
    private const string Header = "# Keysizes";

    private static readonly (string Type, string Field)[] Fields =
        [("string", "strings_sizes"), ("list", "lists_items"), ("set", "sets_items"), ("zset", "zsets_items"), ("hash", "hashes_items")];

    /// <summary>Asks on a connection that no commands of others run beside. A server that has no such section has nothing wrong in it.</summary>
    public static bool IsExact(RespConnection connection, out string difference)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            string[] section = connection.Ask("INFO", "keysizes").Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            if (section is not [Header, ..])
            {
                difference = "";
                return true;
            }
            string recount = string.Join('\n', Recount(ModelContent.Of(connection)));
            string kept = string.Join('\n', section.Skip(1));
            difference = recount == kept ? "" : $"INFO keysizes is\n{kept}\nand a recount\n{recount}";
            if (recount == kept || clock.ElapsedMilliseconds > PatienceMs) return recount == kept;
            Thread.Sleep(LookAgainMs);
        }
    }

    private static IEnumerable<string> Recount(ModelContent content)
    {
        var sizes = content.Sizes.ToLookup(key => (key.Database, key.Type), key => key.Size);
        foreach (string database in sizes.Select(group => group.Key.Database).Distinct().Order(StringComparer.Ordinal))
        {
            foreach ((string type, string field) in Fields)
            {
                if (!sizes.Contains((database, type))) continue;
                IEnumerable<string> bins = sizes[(database, type)].GroupBy(LeastOfBin).OrderBy(bin => bin.Key)
                    .Select(bin => string.Create(CultureInfo.InvariantCulture, $"{Label(bin.Key)}={bin.Count()}"));
                yield return $"db{database}_distrib_{field}:{string.Join(',', bins)}";
            }
        }
    }

    private static long LeastOfBin(long size) => size == 0 ? 0 : 1L << BitOperations.Log2((ulong)size);

    private static string Label(long least) => least switch
    {
        < 1 << 10 => $"{least}",
        < 1 << 20 => $"{least >> 10}K",
        _ => $"{least >> 20}M",
    };
}
