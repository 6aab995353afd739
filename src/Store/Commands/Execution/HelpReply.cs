using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>What a container of subcommands replies to HELP: an array of simple strings.</summary>
internal static class HelpReply
{
    /// <param name="text">The subcommands, each on a line of its own with its explanation indented under it.</param>
    public static void Write(RespWriter reply, string container, string text)
    {
        string[] lines = text.Split('\n');
        reply.Array(lines.Length + 3);
        Line(reply, container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        foreach (string line in lines) Line(reply, line);
        Line(reply, "HELP");
        Line(reply, "    Prints this help.");
    }

    private static void Line(RespWriter reply, string line) => reply.Simple(Encoding.ASCII.GetBytes(line));
}
