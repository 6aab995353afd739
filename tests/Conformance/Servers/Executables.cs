namespace Galley.Conformance.Servers;

/// <summary>Where the programs are that the tests run.</summary>
public static class Executables
{
    /// <summary>The server under test: GALLEY_SERVER, or what the build of src/Api in this configuration left.</summary>
    public static string Galley { get; } = Environment.GetEnvironmentVariable("GALLEY_SERVER") is { Length: > 0 } named
        ? named
        : Path.Combine(Root, "src", "Api", "bin", Configuration, "net10.0", "galley");

    /// <summary>True when redis-server itself is run in Galley's place, to try the tests and not the server.</summary>
    public static bool IsStandIn => Path.GetFileName(Galley) == "redis-server";

    /// <summary>The folder of the repository.</summary>
    public static string Root
    {
        get
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Galley.slnx"))) return at.FullName;
            }
            throw new InvalidOperationException("The tests run from a folder inside the repository: Galley.slnx was not found above them.");
        }
    }

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // bin/Release/net10.0/ -> Release: the server is tested in the configuration that the tests were built in.
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
