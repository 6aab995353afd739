using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Galley.Store.Commands;

namespace Galley.House;

/// <summary>The command table is complete: all that derives from a declaration has something to derive from.</summary>
public sealed class CommandTableTests
{
    // Issue by issue, what there is to be: strings, keys, channels, connections, transactions, the server.
    private const string Wanted =
        """
        APPEND DECR DECRBY DELEX DELIFEQ DIGEST GET GETDEL GETEX GETRANGE GETSET INCR INCRBY INCRBYFLOAT INCREX LCS MGET MSET MSETEX MSETNX
        PSETEX SET SETEX SETNX SETRANGE STRLEN SUBSTR
        COPY DEL EXISTS EXPIRE EXPIREAT EXPIRETIME KEYS MOVE OBJECT|ENCODING OBJECT|FREQ OBJECT|HELP OBJECT|IDLETIME OBJECT|REFCOUNT PERSIST
        PEXPIRE PEXPIREAT PEXPIRETIME PTTL RANDOMKEY RENAME RENAMENX SCAN TOUCH TTL TYPE UNLINK
        DBSIZE FLUSHALL FLUSHDB SWAPDB SELECT
        PUBLISH SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE PUBSUB|CHANNELS PUBSUB|NUMPAT PUBSUB|NUMSUB PUBSUB|HELP
        SPUBLISH SSUBSCRIBE SUNSUBSCRIBE PUBSUB|SHARDCHANNELS PUBSUB|SHARDNUMSUB
        PING ECHO QUIT RESET AUTH HELLO CLIENT|ID CLIENT|SETNAME CLIENT|GETNAME CLIENT|SETINFO CLIENT|INFO CLIENT|LIST
        MULTI EXEC DISCARD WATCH UNWATCH
        COMMAND COMMAND|COUNT COMMAND|INFO COMMAND|DOCS COMMAND|LIST COMMAND|GETKEYS COMMAND|GETKEYSANDFLAGS
        INFO CONFIG|GET CONFIG|SET TIME DEBUG SHUTDOWN BGREWRITEAOF
        MEMORY|USAGE MEMORY|STATS MEMORY|DOCTOR MEMORY|MALLOC-STATS MEMORY|PURGE LOLWUT ROLE FAILOVER REPLICAOF SLAVEOF
        MODULE|LIST MODULE|LOAD MODULE|LOADEX MODULE|UNLOAD CLUSTER|INFO CLUSTER|SLOTS CLUSTER|SHARDS READONLY READWRITE ASKING
        ACL|WHOAMI ACL|LIST ACL|USERS ACL|GETUSER ACL|CAT ACL|GENPASS
        """;

    public static TheoryData<string> Commands()
    {
        var data = new TheoryData<string>();
        foreach (CommandInfo command in CommandTable.Shared.All) data.Add(command.Name);
        return data;
    }

    [Fact]
    public void Every_command_that_was_promised_is_declared()
    {
        var declared = CommandTable.Shared.All.ToArray().Select(c => c.Name).ToHashSet();
        string[] missing = [.. Wanted.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(name => !declared.Contains(name))];
        Assert.True(missing.Length == 0, $"Not declared: {string.Join(' ', missing)}. Remedy: a static handler with [Command] in src/Store/Commands.");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_declaration_is_whole(string name)
    {
        Assert.True(CommandTable.Shared.TryFindFullName(Encoding.ASCII.GetBytes(name.ToLowerInvariant()), out CommandInfo? command),
            $"{name} is in the table but not found by its name. Remedy: see CommandNames.");
        CommandAttribute declaration = command.Declaration;
        Assert.True(!declaration.Name.Any(char.IsAsciiLetterLower), $"{name}: Remedy: declare names in capitals.");
        Assert.True(Regex.IsMatch(declaration.Since, @"^(\d+\.\d+\.\d+|valkey \d+\.\d+\.\d+|galley.*)$"),
            $"{name}: Since is '{declaration.Since}'. Remedy: the version that brought it, as 7.0.0, valkey 9.0.0 or galley.");
        Assert.True(command.IsContainer || declaration.Cost.Length > 0, $"{name} has no Cost. Remedy: its complexity in one line, as O(N) in the keys.");
        Assert.True(Regex.IsMatch(declaration.Summary, @"^[A-Z].*\.$"), $"{name}: Summary is '{declaration.Summary}'. Remedy: one sentence with its full stop.");
        Assert.True(command.IsContainer || Math.Abs(command.Arity) >= (name.Contains('|', StringComparison.Ordinal) ? 2 : 1),
            $"{name}: arity {command.Arity} does not count its name. Remedy: correct the grammar, or Arity.");
        Assert.False(command.Has(Flags.Write) && command.Has(Flags.ReadOnly), $"{name} both writes and only reads. Remedy: keep one flag.");
    }

    [Fact]
    public void Every_handler_is_declared()
    {
        string[] undeclared = [.. from type in typeof(CommandTable).Assembly.GetTypes()
                                  where type.IsAbstract && type.IsSealed && type.Namespace == typeof(CommandTable).Namespace && type.IsPublic
                                  from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
                                  where method.ReturnType == typeof(void)
                                  where method.GetParameters() is [{ ParameterType: var only }] && only == typeof(Execution)
                                  where !method.IsDefined(typeof(CommandAttribute))
                                  select $"{type.Name}.{method.Name}"];
        Assert.True(undeclared.Length == 0, $"{string.Join(", ", undeclared)} take an Execution and are no command. Remedy: declare them with [Command], or make them private.");
    }
}
