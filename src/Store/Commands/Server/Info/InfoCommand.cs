using System.Text;

namespace Galley.Store.Commands;

internal static class InfoCommand
{
    [Command("INFO", "[section ...]", Group.Server, Flags.Loading | Flags.Stale, Since = "1.0.0", Cost = "O(1)",
        Categories = "dangerous", Tips = "nondeterministic_output, request_policy:all_shards, response_policy:special",
        Summary = "Tells figures about the server.")]
    public static void Info(Execution x)
    {
        var writer = new InfoWriter();
        foreach (InfoSection section in InfoSection.All)
        {
            if (!IsAsked(x, section)) continue;
            writer.Begin(section.Title);
            section.Write(writer, x.Server);
        }
        x.Reply.Verbatim(Encoding.UTF8.GetBytes(writer.ToString()));
    }

    private static bool IsAsked(Execution x, InfoSection section)
    {
        for (int i = 1; i < x.Args.Count; i++)
            if (section.IsAskedBy(x.Args[i])) return true;
        return x.Args.Count == 1 && section.IsDefault;
    }
}
