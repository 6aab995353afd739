namespace Galley.Store.Commands;

/// <summary>The version that clients are told, by which they choose what to use, and Galley's own.</summary>
public static class ServerVersion
{
    /// <summary>The Redis whose commands Galley has.</summary>
    public const string Redis = "7.4.0";

    /// <summary>The same as scripts compare it: a byte each.</summary>
    public static int RedisNumber { get; } = NumberOf(Version.Parse(Redis));

    /// <summary>Galley's own, of three numbers.</summary>
    public static string Galley { get; } = typeof(ServerVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static int NumberOf(Version version) => (version.Major << 16) | (version.Minor << 8) | version.Build;
}
