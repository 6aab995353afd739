using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Galley.Resp.Protocol;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>
/// Every command of the server, found by reflection in the attributes on the handlers. The one source for dispatch, ACL,
/// cluster, COMMAND, REST and the console. Built once; it never changes.
/// </summary>
public sealed class CommandTable
{
    private const BindingFlags Handlers =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly CommandNames _names;
    private readonly CommandInfo[] _commands;
    private readonly CommandInfo[] _all;
    private readonly CommandInfo[] _callable;
    private readonly Dictionary<string, CommandInfo> _longNames = [];

    private CommandTable(List<(CommandAttribute Declaration, CommandHandler Handler)> declared)
    {
        _commands = Assemble(declared);
        _names = CommandNames.Of(_commands, command => command.LowerName);
        var all = new List<CommandInfo>(declared.Count + 16);
        foreach (CommandInfo command in _commands)
        {
            all.Add(command);
            all.AddRange(command.Subcommands);
        }
        _all = _callable = [.. all];
        for (int i = 0; i < _all.Length; i++) _all[i].Index = i;
    }

    private CommandTable(CommandTable original, Dictionary<string, CommandInfo> names)
    {
        Original = original;
        _all = original._all;
        _commands = [.. names.Values.OrderBy(command => command.LowerName, StringComparer.Ordinal)];
        _callable = [.. _commands.SelectMany(command => command.Subcommands.Prepend(command))];
        _names = CommandNames.Of(names);
        _longNames = names.Where(name => TextBytes.Encode(name.Key).Length > CommandNames.NameBytesMax).ToDictionary();
    }

    /// <summary>The commands of this assembly, which are all of Galley's.</summary>
    public static CommandTable Shared { get; } = FromAssembly(typeof(CommandTable).Assembly);

    /// <summary>The table in which every command has its own name, where this one knows some by another; otherwise null.</summary>
    public CommandTable? Original { get; }

    /// <summary>The commands, without their subcommands, in the order of their names.</summary>
    public ReadOnlySpan<CommandInfo> TopLevel => _commands;

    /// <summary>All of them, each container followed by its subcommands; <see cref="CommandInfo.Index"/> is the place here.</summary>
    public ReadOnlySpan<CommandInfo> All => _all;

    /// <summary>All that a client can call: without those that <c>rename-command</c> took away.</summary>
    public ReadOnlySpan<CommandInfo> Callable => _callable;

    /// <summary>The same commands under the names that these <c>rename-command</c> lines give them.</summary>
    /// <exception cref="ConfigurationException">A line names no command, or one that is taken.</exception>
    public CommandTable Renamed(IReadOnlyCollection<Directive> lines) =>
        lines.Count == 0 ? this : new CommandTable(this, CommandRenaming.Names(_commands, lines));

    public static CommandTable FromAssembly(Assembly assembly) => FromTypes(assembly.GetTypes());

    /// <summary>The commands that static methods of these types declare.</summary>
    public static CommandTable FromTypes(ReadOnlySpan<Type> types)
    {
        var declared = new List<(CommandAttribute, CommandHandler)>(512);
        foreach (Type type in types)
        {
            if (!type.IsAbstract || !type.IsSealed) continue; // A static class is both.
            foreach (MethodInfo method in type.GetMethods(Handlers))
            {
                // Asking first whether there is one (IsDefined) costs twice as much as the answer itself.
                object[] declarations = method.GetCustomAttributes(typeof(CommandAttribute), false);
                if (declarations.Length == 0) continue;
                var handler = method.CreateDelegate<CommandHandler>();
                foreach (object declaration in declarations) declared.Add(((CommandAttribute)declaration, handler));
            }
        }
        return new CommandTable(declared);
    }

    /// <summary>Finds a command that is no subcommand, by its name in any case.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command) =>
        _names.TryFind(name, out command) || TryFindLong(name, out command);

    /// <summary>
    /// Finds what a call names, a subcommand where the command has some and a second word is there. Where that word is
    /// none of them, the result is false and <paramref name="command"/> the container; where the first word is no
    /// command, it is null.
    /// </summary>
    public bool TryFind(in Arguments args, out CommandInfo? command)
    {
        if (!TryFind(args[0], out command)) return false;
        if (!command.IsContainer || args.Count == 1) return true;
        if (!command.TryFindSubcommand(args[1], out CommandInfo? subcommand)) return false;
        command = subcommand;
        return true;
    }

    /// <summary>Finds a command or, as <c>client|id</c>, a subcommand.</summary>
    public bool TryFindFullName(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command)
    {
        int bar = name.IndexOf((byte)'|');
        if (bar < 0) return TryFind(name, out command);
        if (TryFind(name[..bar], out command)) return command.TryFindSubcommand(name[(bar + 1)..], out command);
        return false;
    }

    /// <summary>Some rename a command to forty digits, so that nobody guesses them.</summary>
    private bool TryFindLong(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command)
    {
        command = null;
        return _longNames.Count > 0 && _longNames.TryGetValue(TextBytes.Decode(name).ToLowerInvariant(), out command);
    }

    private static CommandInfo[] Assemble(List<(CommandAttribute Declaration, CommandHandler Handler)> declared)
    {
        declared.Sort((left, right) => string.CompareOrdinal(left.Declaration.Name, right.Declaration.Name));
        var subcommands = new Dictionary<string, List<CommandInfo>>(16);
        var commands = new List<CommandInfo>(declared.Count);
        foreach ((CommandAttribute declaration, CommandHandler handler) in declared)
        {
            int bar = declaration.Name.IndexOf('|', StringComparison.Ordinal);
            if (bar < 0) continue;
            string container = declaration.Name[..bar];
            if (!subcommands.TryGetValue(container, out List<CommandInfo>? siblings))
                subcommands[container] = siblings = [];
            siblings.Add(new CommandInfo(declaration, handler, []));
        }
        foreach ((CommandAttribute declaration, CommandHandler handler) in declared)
        {
            if (declaration.Name.Contains('|', StringComparison.Ordinal)) continue;
            commands.Add(subcommands.Remove(declaration.Name, out List<CommandInfo>? contained)
                ? new CommandInfo(declaration, handler, [.. contained])
                : new CommandInfo(declaration, handler, []));
        }
        foreach ((string container, List<CommandInfo> contained) in subcommands)
            commands.Add(new CommandInfo(ContainerOf(container, contained), null, [.. contained]));
        commands.Sort((left, right) => string.CompareOrdinal(left.LowerName, right.LowerName));
        return [.. commands];
    }

    /// <summary>
    /// A container without a handler of its own (CLIENT, CONFIG) needs no declaration: it follows from what it contains.
    /// </summary>
    private static CommandAttribute ContainerOf(string name, List<CommandInfo> contained)
    {
        CommandAttribute oldest = contained[0].Declaration;
        foreach (CommandInfo subcommand in contained)
            if (VersionOf(subcommand.Declaration) < VersionOf(oldest)) oldest = subcommand.Declaration;
        return new CommandAttribute(name, "", oldest.Group, Flags.None)
        {
            Since = oldest.Since,
            Cost = "Depends on the subcommand",
            Summary = $"Holds the {name} subcommands.",
            Arity = -2,
            // The one container to which Redis gives the category of its group.
            Categories = name == "HIMPORT" ? "hash" : "",
        };
    }

    /// <summary>What is not a version of Redis is newer than all of them.</summary>
    private static Version VersionOf(CommandAttribute declaration) =>
        Version.TryParse(declaration.Since, out Version? version) ? version : new Version(int.MaxValue, 0);
}
