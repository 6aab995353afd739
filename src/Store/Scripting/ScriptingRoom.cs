using Galley.Store.Commands;

namespace Galley.Store.Scripting;

/// <summary>Where the host lets scripts into a server.</summary>
public static class ScriptingRoom
{
    /// <summary>Scripts and functions can run, and files can bring libraries, from here on.</summary>
    public static void Attach(ServerContext server) => ScriptHost.Of(server);
}
