namespace Galley.Store.Commands;

/// <summary>
/// What follows from a declaration: made when the command is first called or asked about, because reading the grammars
/// of hundreds of commands would be a fifth of the time that the server takes to start.
/// </summary>
internal sealed class CommandShape
{
    private CommandShape(CommandAttribute declaration, bool isContainerOnly)
    {
        int first = declaration.Name.Contains('|', StringComparison.Ordinal) ? 2 : 1;
        Grammar = Commands.Grammar.Parse(declaration.Grammar);
        KeySpecifications = KeyPlan.Of(Grammar, first, declaration.Keys, declaration.Flags);
        Legacy = LegacyKeyRange.Of(KeySpecifications);
        WordsMin = first + Argument.Sum(Grammar);
        Arity = declaration.Arity != 0 ? declaration.Arity
            : Array.TrueForAll(Grammar, argument => argument.IsFixed) ? WordsMin : -WordsMin;
        // A container by itself does nothing: the category of its group is its subcommands'.
        Group group = isContainerOnly ? Group.Server : declaration.Group;
        Categories = AclCategory.Of(group, declaration.Flags, declaration.Categories);
        Tips = declaration.Tips.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public Argument[] Grammar { get; }

    public KeySpecification[] KeySpecifications { get; }

    public LegacyKeyRange Legacy { get; }

    public int WordsMin { get; }

    public int Arity { get; }

    public AclCategories Categories { get; }

    public string[] Tips { get; }

    public static CommandShape Of(CommandAttribute declaration, bool isContainerOnly)
    {
        try
        {
            return new CommandShape(declaration, isContainerOnly);
        }
        catch (DeclarationException error)
        {
            throw new DeclarationException($"{declaration.Name}: {error.Message}");
        }
    }
}
