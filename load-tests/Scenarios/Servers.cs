namespace Galley.LoadTests;

/// <summary>The servers that can be had here: ours, redis-server, garnet-server, and what PEERS names.</summary>
public static class Servers
{
    public const string Ours = "ours";

    public static string Root { get; } = FindRoot();

    /// <summary>Name and command line of each that is installed and was picked; what is left out, is said.</summary>
    public static List<(string Name, string[] Command)> Picked(Options options)
    {
        var all = new List<(string, string[])> { (Ours, OurCommand()) };
        foreach ((string name, string program) in ((string, string)[])[("redis", "redis-server"), ("garnet", "garnet-server")])
        {
            if (OnPath(program) is { } path) all.Add((name, [path]));
            else Console.Error.WriteLine($"# {name} left out: {program} is not installed");
        }
        foreach (string pair in (Environment.GetEnvironmentVariable("PEERS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            all.Add((pair[..equals], pair[(equals + 1)..].Split(' ')));
        }
        return [.. all.Where(s => options.Picks(s.Item1))];
    }

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools"))
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string[] OurCommand() =>
        Environment.GetEnvironmentVariable("SERVER") is { Length: > 0 } command
            ? command.Split(' ')
            : [Path.Combine(Root, "src", "Api", "bin", "Release", "net10.0", "galley")];

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Galley.slnx"))) return at.FullName;
        }
        throw new InvalidOperationException("Run this from the repository: Galley.slnx was not found above the program.");
    }
}
