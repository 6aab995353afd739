using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>COMMAND and its subcommands: the table tells of itself.</summary>
internal static class CommandCommands
{
    private const Flags Always = Flags.Loading | Flags.Stale;

    [Command("COMMAND", "", Group.Server, Always, Since = "2.8.13", Cost = "O(N) in the number of commands",
        Tips = "nondeterministic_output_order", Categories = "connection", Arity = -1,
        Summary = "Describes every command.")]
    public static void Command(Execution x)
    {
        CommandTable table = x.Server.Commands;
        x.Reply.Array(table.TopLevel.Length);
        foreach (CommandInfo command in table.TopLevel) CommandDescription.Write(x.Reply, command);
    }

    [Command("COMMAND|COUNT", "", Group.Server, Always, Since = "2.8.13", Cost = "O(1)", Categories = "connection",
        Summary = "Counts the commands.")]
    public static void Count(Execution x) => x.Reply.Integer(x.Server.Commands.TopLevel.Length);

    [Command("COMMAND|INFO", "[command-name ...]", Group.Server, Always, Since = "2.8.13",
        Cost = "O(N) in the number of commands asked for", Tips = "nondeterministic_output_order",
        Categories = "connection",
        Summary = "Describes some commands, or all.")]
    public static void Info(Execution x)
    {
        if (x.Args.Count == 2)
        {
            Command(x);
            return;
        }
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++)
        {
            bool isKnown = x.Server.Commands.TryFindFullName(x.Args[i], out CommandInfo? command);
            if (isKnown) CommandDescription.Write(x.Reply, command!);
            else x.Reply.Null();
        }
    }

    [Command("COMMAND|DOCS", "[command-name ...]", Group.Server, Always, Since = "7.0.0",
        Cost = "O(N) in the number of commands asked for", Tips = "nondeterministic_output_order",
        Categories = "connection",
        Summary = "Documents some commands, or all.")]
    public static void Docs(Execution x)
    {
        Deferred map = x.Reply.BeginDeferred();
        int pairs = 0;
        if (x.Args.Count == 2)
        {
            foreach (CommandInfo command in x.Server.Commands.TopLevel) CommandDocumentation.Write(x.Reply, command);
            pairs = x.Server.Commands.TopLevel.Length;
        }
        for (int i = 2; i < x.Args.Count; i++)
        {
            if (!x.Server.Commands.TryFindFullName(x.Args[i], out CommandInfo? command)) continue;
            CommandDocumentation.Write(x.Reply, command);
            pairs++;
        }
        x.Reply.EndMap(map, pairs);
    }

    [Command("COMMAND|LIST", "[FILTERBY (MODULE module-name | ACLCAT category | PATTERN pattern)]", Group.Server, Always,
        Since = "7.0.0",
        Cost = "O(N) in the number of commands", Tips = "nondeterministic_output_order", Categories = "connection",
        Summary = "Lists the names of the commands.")]
    public static void List(Execution x)
    {
        switch (x.Args.Count)
        {
            case 2:
                x.Reply.Array(x.Server.Commands.Callable.Length);
                foreach (CommandInfo command in x.Server.Commands.Callable) x.Reply.Bulk(command.LowerName);
                break;
            case 5 when x.Is(2, "FILTERBY"u8) && x.Is(3, "MODULE"u8): // Nothing here comes from a module.
                x.Reply.Array(0);
                break;
            case 5 when x.Is(2, "FILTERBY"u8) && x.Is(3, "ACLCAT"u8):
                ListByCategory(x, AclCategory.Named(x.Args[4]));
                break;
            case 5 when x.Is(2, "FILTERBY"u8) && x.Is(3, "PATTERN"u8):
                ListByPattern(x, x.Args[4]);
                break;
            default:
                x.Reply.Error(Errors.Syntax);
                break;
        }
    }

    [Command("COMMAND|GETKEYS", "command [arg ...]", Group.Server, Always, Since = "2.8.13",
        Cost = "O(N) in the number of arguments", Categories = "connection", Arity = -4,
        Summary = "Finds the keys in a call of a command.")]
    public static void GetKeys(Execution x) => FindKeys(x, withAccess: false);

    [Command("COMMAND|GETKEYSANDFLAGS", "command [arg ...]", Group.Server, Always, Since = "7.0.0",
        Cost = "O(N) in the number of arguments", Categories = "connection", Arity = -4,
        Summary = "Finds the keys in a call of a command, and what it does with them.")]
    public static void GetKeysAndFlags(Execution x) => FindKeys(x, withAccess: true);

    [Command("COMMAND|HELP", "", Group.Server, Always, Since = "5.0.0", Cost = "O(1)", Categories = "connection",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x)
    {
        string[] lines = HelpText.Split('\n');
        x.Reply.Array(lines.Length);
        foreach (string line in lines) x.Reply.Simple(System.Text.Encoding.ASCII.GetBytes(line));
    }

    private static void ListByCategory(Execution x, AclCategories category)
    {
        Deferred names = x.Reply.BeginDeferred();
        int count = 0;
        foreach (CommandInfo command in x.Server.Commands.Callable)
        {
            if ((command.Categories & category) == 0) continue;
            x.Reply.Bulk(command.LowerName);
            count++;
        }
        x.Reply.EndArray(names, count);
    }

    private static void ListByPattern(Execution x, ReadOnlySpan<byte> pattern)
    {
        // Names are in small letters, and redis-server compares them with the pattern in any case.
        byte[] lowerCase = pattern.ToArray();
        System.Text.Ascii.ToLowerInPlace(lowerCase, out _);
        Deferred names = x.Reply.BeginDeferred();
        int count = 0;
        foreach (CommandInfo command in x.Server.Commands.Callable)
        {
            if (!Glob.IsMatch(lowerCase, System.Text.Encoding.ASCII.GetBytes(command.LowerName))) continue;
            x.Reply.Bulk(command.LowerName);
            count++;
        }
        x.Reply.EndArray(names, count);
    }

    private static void FindKeys(Execution x, bool withAccess)
    {
        Arguments call = x.Args.From(2);
        if (!x.Server.Commands.TryFind(in call, out CommandInfo? command))
        {
            x.Reply.Error("ERR Invalid command specified"u8);
            return;
        }
        if (!command!.HasKeys)
        {
            x.Reply.Error("ERR The command has no key arguments"u8);
            return;
        }
        if (!command.AcceptsArity(call.Count))
        {
            x.Reply.Error("ERR Invalid number of arguments specified for command"u8);
            return;
        }
        int count = 0;
        KeysOfCall counted = command.KeysOf(in call);
        while (counted.MoveNext()) count++;
        if (counted.IsMisfit) count = 0;
        if (count == 0 && !command.Has(Flags.NoMandatoryKeys))
        {
            x.Reply.Error("ERR Invalid arguments specified for command"u8);
            return;
        }
        x.Reply.Array(count);
        if (count == 0) return;
        foreach (KeyPosition key in command.KeysOf(in call))
        {
            if (withAccess) x.Reply.Array(2);
            x.Reply.Bulk(call[key.Argument]);
            if (withAccess) CommandDescription.WriteAccess(x.Reply, key.Access);
        }
    }

    private const string HelpText = """
        COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
        (no subcommand)
            Return details about all Redis commands.
        COUNT
            Return the total number of commands in this Redis server.
        LIST
            Return a list of all commands in this Redis server.
        INFO [<command-name> ...]
            Return details about multiple Redis commands.
            If no command names are given, documentation details for all
            commands are returned.
        DOCS [<command-name> ...]
            Return documentation details about multiple Redis commands.
            If no command names are given, documentation details for all
            commands are returned.
        GETKEYS <full-command>
            Return the keys from a full Redis command.
        GETKEYSANDFLAGS <full-command>
            Return the keys and the access flags from a full Redis command.
        HELP
            Prints this help.
        """;
}
