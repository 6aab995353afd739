using System.Buffers;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Declaration;

/// <summary>COMMAND INFO of every command that redis-server 7.0.15 has too.</summary>
public sealed class CommandInfoTests(Oracle oracle) : IClassFixture<Oracle>
{
    /// <summary>They take more words since 7.2 (WITHSCORE), and had as many as this in 7.0.15.</summary>
    private static readonly Dictionary<string, string> ArityBefore = new() { ["zrank"] = ":3", ["zrevrank"] = ":3" };

    [Fact]
    public void Describes_every_command_as_redis_server_does()
    {
        oracle.Call("HELLO", "3");
        var differences = new List<string>();
        int compared = 0;
        foreach (CommandInfo command in CommandTable.Shared.All)
        {
            Reply theirs = oracle.Call("COMMAND", "INFO", command.LowerName).Items[0];
            if (theirs.Type == '_') continue; // It is newer than this server, or ours alone.
            compared++;
            string ours = Describe(command).Text, expected = theirs.Text;
            // A container here may hold fewer subcommands than there, and newer ones.
            if (command.IsContainer) (ours, expected) = (Head(ours), Head(expected));
            if (ArityBefore.TryGetValue(command.LowerName, out string? before)) expected = expected.Replace($" {before} ", $" :-{before[1..]} ", StringComparison.Ordinal);
            if (ours != expected) differences.Add($"{command.Name}\n  ours   {ours}\n  theirs {expected}");
        }
        Assert.True(compared > 0, "No command was compared.");
        Assert.True(differences.Count == 0, $"Correct the declaration of:\n{string.Join('\n', differences)}");
    }

    private static Reply Describe(CommandInfo command)
    {
        var output = new OutputBuffer();
        CommandDescription.Write(new RespWriter(output) { Version = RespVersion.Resp3 }, command);
        return Reply.Read(new MemoryStream(output.Drain().ToArray()));
    }

    /// <summary>Of a container without its subcommands.</summary>
    private static string Head(string text) => text[..text.IndexOf(" *[*[", StringComparison.Ordinal)];
}
