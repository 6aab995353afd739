using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>All that is known about one command, or subcommand.</summary>
public sealed class CommandInfo
{
    private readonly CommandNames _subcommandNames;
    private readonly bool _isContainerOnly;
    private CommandShape? _shape;

    internal CommandInfo(CommandAttribute declaration, CommandHandler? handler, CommandInfo[] subcommands)
    {
        Declaration = declaration;
        Handler = handler ?? ContainerHandler;
        Subcommands = subcommands;
        LowerName = declaration.Name.ToLowerInvariant();
        LastName = LowerName[(LowerName.IndexOf('|', StringComparison.Ordinal) + 1)..];
        _isContainerOnly = handler is null;
        _subcommandNames = CommandNames.Of(subcommands, subcommand => subcommand.LastName);
    }

    /// <summary>As it was declared: flags, group, version, cost and summary.</summary>
    public CommandAttribute Declaration { get; }

    /// <summary>What runs it.</summary>
    public CommandHandler Handler { get; }

    /// <summary>In capitals: <c>SET</c>, <c>CLIENT|ID</c>.</summary>
    public string Name => Declaration.Name;

    /// <summary>In small letters, with its container: <c>set</c>, <c>client|id</c>. Errors quote this.</summary>
    public string LowerName { get; }

    /// <summary>In small letters, without its container: <c>set</c>, <c>id</c>.</summary>
    public string LastName { get; }

    /// <summary>A number from 0 up to the table's count, for arrays of statistics.</summary>
    public int Index { get; internal set; }

    public Flags Flags => Declaration.Flags;

    /// <summary>The number of words of a call, the name included; negative: at least so many.</summary>
    public int Arity => Shape.Arity;

    /// <summary>The words of the shortest call that the grammar allows.</summary>
    public int WordsMin => Shape.WordsMin;

    /// <summary>What follows the name.</summary>
    public Argument[] Grammar => Shape.Grammar;

    public KeySpecification[] KeySpecifications => Shape.KeySpecifications;

    /// <summary>First, last and step of the keys, as Redis 6 gave them.</summary>
    public LegacyKeyRange Legacy => Shape.Legacy;

    public AclCategories Categories => Shape.Categories;

    public string[] Tips => Shape.Tips;

    /// <summary>Empty for a command that contains none.</summary>
    public CommandInfo[] Subcommands { get; }

    public bool IsContainer => Subcommands.Length > 0;

    /// <summary>It has no handler: only its subcommands can be called (CLIENT, CONFIG).</summary>
    public bool IsContainerOnly => _isContainerOnly;

    /// <summary>MULTI does not keep it from running at once.</summary>
    public bool RunsInsideMulti => Has(Flags.RunsInsideMulti);

    /// <summary>A RESP2 client that is subscribed may call it.</summary>
    public bool RunsWhileSubscribed => Has(Flags.RunsWhileSubscribed);

    /// <summary>
    /// It may hold the gate for so long that others ask why: scripts, and what Redis calls dangerous. Of a container it is
    /// not known before its subcommand is.
    /// </summary>
    public bool MayTakeLong =>
        IsContainer || (Categories & (AclCategories.Dangerous | AclCategories.Scripting)) != 0;

    /// <summary>Its calls may name keys (a shard channel is none).</summary>
    public bool HasKeys => Array.Exists(KeySpecifications, s => (s.Access & KeyAccess.NotKey) == 0);

    private CommandShape Shape => _shape ?? MakeShapeSlow();

    public bool Has(Flags flag) => (Declaration.Flags & flag) != 0;

    /// <summary>A call of so many words, the name included, has the right number.</summary>
    public bool AcceptsArity(int words) => Shape.Arity >= 0 ? words == Shape.Arity : words >= -Shape.Arity;

    /// <summary>The keys of a call, for ACL, cluster and COMMAND GETKEYS.</summary>
    public KeysOfCall KeysOf(in Arguments args) => new(this, args);

    public bool TryFindSubcommand(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? subcommand) =>
        _subcommandNames.TryFind(name, out subcommand);

    public override string ToString() => LowerName;

    /// <summary>Two threads may make it at the same time: they make the same.</summary>
    private CommandShape MakeShapeSlow() => _shape = CommandShape.Of(Declaration, _isContainerOnly);

    /// <summary>Of CLIENT and its like, which no call can reach: alone they lack a word, else a subcommand is meant.</summary>
    private static void ContainerHandler(Execution x) => throw new UnreachableException(x.CommandName);
}
