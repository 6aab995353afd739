using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>DEBUG and MODULE run only where a setting that no client can change lets them.</summary>
internal static class ProtectedCommands
{
    public static bool IsAllowed(Execution x, Allowed setting) => setting switch
    {
        Allowed.Yes => true,
        Allowed.Local => x.Session.Connection is { IsLocal: true },
        _ => false,
    };

    public static void Refuse(Execution x, string command, string setting) => x.Reply.Error(
        $"ERR {command} command not allowed. If the {setting} option is set to \"local\", you can run it from a local "
        + "connection, otherwise you need to set this option in the configuration file, and then restart the server.");
}
