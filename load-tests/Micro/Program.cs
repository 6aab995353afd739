namespace Galley.LoadTests.Micro;

/// <summary>
/// Microbenchmarks of the memory and types rooms: nanoseconds an operation, bytes an element. Without arguments all
/// of them (about a minute); else those whose name begins with an argument: arena, hash, table, scan, growth, bits, sort, list, save, reports, lua.
/// </summary>
public static class Program
{
    private static readonly (string Name, Action Run)[] Benchmarks =
    [
        ("hash", KeyedHashBenchmark.Run),
        ("arena", ArenaBenchmark.Run),
        ("table", TableBenchmark.Run),
        ("growth", GrowthBenchmark.Run),
        ("bits", BitsBenchmark.Run),
        ("sort", SortBenchmark.Run),
        ("list", ListBenchmark.Run),
        ("save", SaveBenchmark.Run),
        ("reports", ReportsBenchmark.Run),
        ("lua", LuaBenchmark.Run),
    ];

    public static void Main(string[] names)
    {
        foreach ((string name, Action run) in Benchmarks)
        {
            if (names.Length == 0 || names.Any(wanted => name.StartsWith(wanted, StringComparison.Ordinal))) run();
        }
    }
}
