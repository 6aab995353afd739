using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>What the <c>rename-command</c> lines of a configuration make of the names of the commands.</summary>
internal static class CommandRenaming
{
    /// <summary>The commands that are left by the names that they have then, in small letters.</summary>
    /// <exception cref="ConfigurationException">A line names no command, or one that is taken.</exception>
    public static Dictionary<string, CommandInfo> Names(ReadOnlySpan<CommandInfo> commands, IEnumerable<Directive> lines)
    {
        var names = new Dictionary<string, CommandInfo>(commands.Length);
        foreach (CommandInfo command in commands) names.Add(command.LowerName, command);
        foreach (Directive line in lines) Rename(line, names);
        return names;
    }

    private static void Rename(Directive line, Dictionary<string, CommandInfo> names)
    {
        string newName = line.Words[1].ToLowerInvariant();
        if (!names.Remove(line.Words[0].ToLowerInvariant(), out CommandInfo? command))
            throw line.Refused("No such command in rename-command", "COMMAND LIST shows those there are. A command is renamed once.");
        if (newName.Length == 0) return;
        if (!names.TryAdd(newName, command))
            throw line.Refused("Target command name already exists", "Choose a name that no command has.");
    }
}
