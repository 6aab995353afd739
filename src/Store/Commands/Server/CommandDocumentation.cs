using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>One command as COMMAND DOCS documents it; redis-cli makes its hints from the arguments.</summary>
internal static class CommandDocumentation
{
    /// <summary>Writes a pair of a map: the name, and what there is to know.</summary>
    public static void Write(RespWriter reply, CommandInfo command)
    {
        CommandAttribute declaration = command.Declaration;
        bool isDeprecated = declaration.DeprecatedSince.Length > 0;
        bool hasArguments = command.Grammar.Length > 0;
        reply.Bulk(command.LowerName);
        reply.Map(4 + (isDeprecated ? 3 : 0) + (hasArguments ? 1 : 0) + (command.IsContainer ? 1 : 0));
        Pair(reply, "summary"u8, declaration.Summary);
        Pair(reply, "since"u8, declaration.Since);
        Pair(reply, "group"u8, NameOf(declaration.Group));
        Pair(reply, "complexity"u8, declaration.Cost);
        if (isDeprecated) WriteDeprecation(reply, declaration);
        if (hasArguments)
        {
            reply.Bulk("arguments"u8);
            WriteArguments(reply, command.Grammar);
        }
        if (!command.IsContainer) return;
        reply.Bulk("subcommands"u8);
        reply.Map(command.Subcommands.Length);
        foreach (CommandInfo subcommand in command.Subcommands) Write(reply, subcommand);
    }

    private static void WriteDeprecation(RespWriter reply, CommandAttribute declaration)
    {
        reply.Bulk("doc_flags"u8);
        reply.Set(1);
        reply.Simple("deprecated"u8);
        Pair(reply, "deprecated_since"u8, declaration.DeprecatedSince);
        Pair(reply, "replaced_by"u8, declaration.ReplacedBy);
    }

    private static void WriteArguments(RespWriter reply, Argument[] arguments)
    {
        reply.Array(arguments.Length);
        foreach (Argument argument in arguments) WriteArgument(reply, argument);
    }

    private static void WriteArgument(RespWriter reply, Argument argument)
    {
        bool isLeaf = argument.Items.Length == 0;
        bool hasKeys = argument.KeySpecIndex >= 0;
        int flags = Count(argument.IsOptional) + Count(argument.IsRepeated) + Count(argument.IsTokenRepeated);
        reply.Map(3 + Count(hasKeys) + Count(argument.Token is not null) + Count(flags > 0));
        Pair(reply, "name"u8, argument.Name);
        Pair(reply, "type"u8, NameOf(argument.Type));
        if (isLeaf) Pair(reply, "display_text"u8, argument.Name);
        if (hasKeys)
        {
            reply.Bulk("key_spec_index"u8);
            reply.Integer(argument.KeySpecIndex);
        }
        if (argument.Token is not null) Pair(reply, "token"u8, argument.Token.Length == 0 ? "\"\"" : argument.Token);
        if (flags > 0) WriteFlags(reply, argument, flags);
        if (isLeaf) return;
        reply.Bulk("arguments"u8);
        WriteArguments(reply, argument.Items);
    }

    private static void WriteFlags(RespWriter reply, Argument argument, int count)
    {
        reply.Bulk("flags"u8);
        reply.Set(count);
        if (argument.IsOptional) reply.Simple("optional"u8);
        if (argument.IsRepeated) reply.Simple("multiple"u8);
        if (argument.IsTokenRepeated) reply.Simple("multiple_token"u8);
    }

    private static string NameOf(ArgumentType type) => type switch
    {
        ArgumentType.UnixTime => "unix-time",
        ArgumentType.PureToken => "pure-token",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string NameOf(Group group) => group switch
    {
        Group.SortedSet => "sorted-set",
        _ => group.ToString().ToLowerInvariant(),
    };

    private static int Count(bool isThere) => isThere ? 1 : 0;

    private static void Pair(RespWriter reply, ReadOnlySpan<byte> name, string value)
    {
        reply.Bulk(name);
        reply.Bulk(value);
    }
}
