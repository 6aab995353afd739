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
        if (x.Args.Count == 1) return section.IsDefault;
        byte[] title = Encoding.ASCII.GetBytes(section.Title);
        for (int i = 1; i < x.Args.Count; i++)
        {
            if (x.Is(i, title) || x.Is(i, "ALL"u8) || x.Is(i, "EVERYTHING"u8)) return true;
            if (section.IsDefault && x.Is(i, "DEFAULT"u8)) return true;
        }
        return false;
    }
}
