using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>MODULE. A module is a library for redis-server's own process, so that none can be loaded here.</summary>
internal static class Modules
{
    private const Flags Loading = Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading | Flags.Protected;

    [Command("MODULE|LIST", "", Group.Server, Flags.Admin | Flags.NoScript, Since = "4.0.0", Cost = "O(1)",
        Tips = "nondeterministic_output_order", Summary = "Lists the modules, of which there are none.")]
    public static void List(Execution x) => x.Reply.Array(0);

    [Command("MODULE|LOAD", "path [arg ...]", Group.Server, Loading, Since = "4.0.0", Cost = "O(1)",
        Summary = "Refuses: Galley has no modules.")]
    [Command("MODULE|LOADEX", "path [CONFIG name value ...] [ARGS (arg)]...", Group.Server, Loading, Since = "7.0.0", Cost = "O(1)",
        Summary = "Refuses: Galley has no modules.")]
    public static void Load(Execution x)
    {
        x.Server.Log(LogLevel.Warning, "No module can be loaded: Galley does not have modules. What it has instead is in its commands.");
        x.Reply.Error("ERR Error loading the extension. Please check the server logs."u8);
    }

    [Command("MODULE|UNLOAD", "name", Group.Server, Loading, Since = "4.0.0", Cost = "O(1)",
        Summary = "Refuses: Galley has no modules.")]
    public static void Unload(Execution x) => x.Reply.Error("ERR Error unloading module: no such module with that name"u8);

    [Command("MODULE|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "MODULE", """
        LIST
            Return a list of loaded modules.
        LOAD <path> [<arg> ...]
            Load a module library from <path>, passing to it any optional arguments.
        LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]
            Load a module library from <path>, while passing it module configurations and optional arguments.
        UNLOAD <name>
            Unload a module.
        """);
}
