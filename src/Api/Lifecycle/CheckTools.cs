using Galley.Store.Persistence.Checks;

namespace Galley.Api.Lifecycle;

/// <summary>
/// The checks of files, by <c>galley check-rdb</c> and <c>galley check-aof</c>, or by the names of Redis's own tools where
/// the program is called by one of them through a link.
/// </summary>
internal static class CheckTools
{
    private const string OwnCommandLine = "/proc/self/cmdline";

    /// <summary>The words of the call, with the check in front that the program's name asks for.</summary>
    public static string[] Named(string[] args) => CalledName() switch
    {
        "redis-check-rdb" => ["check-rdb", .. args],
        "redis-check-aof" => ["check-aof", .. args],
        _ => args,
    };

    /// <summary>Runs a check; its exit code.</summary>
    public static int Run(string check, IReadOnlyList<string> args)
    {
        var checks = new FileChecks(new CheckOutput(Console.Out, Console.Error), Console.In, TimeProvider.System);
        return check == "check-rdb" ? checks.Rdb(args) : checks.Aof(args);
    }

    /// <summary>.NET gives the name of the program's file, and not the one that it was called by.</summary>
    private static string? CalledName()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return Path.GetFileName(File.ReadAllText(OwnCommandLine).Split('\0')[0]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
