using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>DEBUG and MODULE run only where a setting that no client can change lets them.</summary>
internal static class ProtectedCommands
{
    /// <summary>Why this client may not run a command that has <see cref="Flags.Protected"/>; null where it may.</summary>
    public static string? Refusal(Session session, ServerContext server, CommandInfo command) =>
        command.Name == "DEBUG" ? Refusal(session, server.Settings.EnableDebugCommand, "DEBUG", "enable-debug-command")
            : Refusal(session, server.Settings.EnableModuleCommand, "MODULE", "enable-module-command");

    private static string? Refusal(Session session, Allowed allowed, string command, string setting)
    {
        if (allowed == Allowed.Yes || (allowed == Allowed.Local && session.Connection is { IsLocal: true })) return null;
        return $"ERR {command} command not allowed. If the {setting} option is set to \"local\", you can run it from a local "
            + "connection, otherwise you need to set this option in the configuration file, and then restart the server.";
    }
}
