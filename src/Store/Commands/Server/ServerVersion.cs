namespace Galley.Store.Commands;

/// <summary>The version that clients are told, by which they choose what to use, and Galley's own.</summary>
internal static class ServerVersion
{
    public const string Redis = "7.4.0";

    public static string Galley { get; } = typeof(ServerVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
