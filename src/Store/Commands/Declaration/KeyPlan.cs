// From grammar to key specifications.
//
//     key value                        index 1, one key
//     key [key ...]                    index 1, to the last argument
//     key... timeout                   index 1, to the last but one
//     key value [key value ...]        index 1, to the last argument, every second
//     numkeys:integer key [key ...]    index 1 holds the count
//     [COUNT n] STREAMS key... id...   after STREAMS, searched from the first argument that is not fixed; half of the rest
//     key ... [STORE destination:key]  after STORE, searched from there too
//     key1:key key2:key                keys side by side with the same use are one specification
//     shardchannel message             with Keys = "NOT_KEY": the first argument goes to a slot as a key does

namespace Galley.Store.Commands;

/// <summary>Walks a grammar once and notes a specification for every key that it meets.</summary>
internal sealed class KeyPlan
{
    private readonly List<KeySpecification> _specifications = [];
    private readonly KeyDeclaration[] _declared;
    private readonly KeyAccess _default;
    private int _declaredUsed;

    private KeyPlan(string keys, Flags flags)
    {
        _declared = KeyDeclaration.Parse(keys);
        _default = (flags & Flags.Write) != 0 ? KeyAccess.RW | KeyAccess.Update : KeyAccess.RO | KeyAccess.Access;
    }

    /// <summary>The specifications of a command whose arguments begin at this index (2 for a subcommand).</summary>
    public static KeySpecification[] Of(Argument[] grammar, int first, string keys, Flags flags)
    {
        var plan = new KeyPlan(keys, flags);
        plan.Walk(grammar, first);
        plan.AddUnknown();
        if (plan._declaredUsed < plan._declared.Length)
            throw new DeclarationException($"'{keys}' declares more keys than the grammar has.");
        return [.. plan._specifications];
    }

    private void Walk(Argument[] grammar, int position)
    {
        for (int i = 0; i < grammar.Length; i++)
        {
            Argument argument = grammar[i];
            Argument? before = i > 0 ? grammar[i - 1] : null;
            Visit(argument, before, grammar.AsSpan(i + 1), position, isFixed: true);
            if (argument.IsFixed)
            {
                position += argument.WordsMin;
                continue;
            }
            // From here on nothing stands at a fixed place: keys are found by the tokens before them.
            for (int j = i + 1; j < grammar.Length; j++)
                Visit(grammar[j], grammar[j - 1], grammar.AsSpan(j + 1), position, isFixed: false);
            return;
        }
    }

    private void Visit(Argument argument, Argument? before, ReadOnlySpan<Argument> after, int position, bool isFixed)
    {
        Argument? key = FirstKey(argument);
        if (key is null)
        {
            if (argument.Type is ArgumentType.OneOf or ArgumentType.Block) VisitItems(argument, position, isFixed);
            return;
        }
        // The token of an argument before it is spent on that one; a bare token, or a block's, stands before this one.
        bool isBare = before is not null && (before.Type == ArgumentType.PureToken || before.Items.Length > 0);
        string? keyword = argument.Token ?? (isBare ? before!.Token : null);
        bool isFollowed = argument.IsRepeated && after.Length > 0 && after[0].IsRepeated;
        if (argument.Token is not null || !isFixed)
        {
            if (keyword is null) return; // Nothing that a specification could say leads to it.
            Add(key, new KeySpecification
            {
                Access = 0,
                Search = KeySearch.Keyword,
                Keyword = keyword,
                Start = position,
                LastKey = argument.IsRepeated ? -1 : 0,
                Limit = isFollowed ? 2 : 0,
            });
        }
        else if (!argument.IsRepeated)
        {
            Add(key, new KeySpecification { Access = 0, Start = position });
        }
        else if (before is { Name: "numkeys" })
        {
            Add(key, new KeySpecification
            {
                Access = 0, Start = position - 1, IsCounted = true, Step = argument.WordsMin,
            });
        }
        else
        {
            Add(key, new KeySpecification
            {
                Access = 0, Start = position, LastKey = -1 - Argument.Sum(after), Step = argument.WordsMin,
            });
        }
    }

    private void VisitItems(Argument argument, int position, bool isFixed)
    {
        bool isChoice = argument.Type == ArgumentType.OneOf;
        isFixed &= isChoice ? !argument.IsOptional : argument.IsFixed && argument.Token is null;
        for (int i = 0; i < argument.Items.Length; i++)
        {
            Argument item = argument.Items[i];
            // The token of a block stands before its first item.
            Argument? before = isChoice ? null : i > 0 ? argument.Items[i - 1] : argument;
            Visit(item, before, argument.Items.AsSpan(i + 1), position, isFixed);
            if (!isChoice && isFixed) position += item.WordsMin;
        }
    }

    /// <summary>The key that this argument is, or begins with.</summary>
    private Argument? FirstKey(Argument argument) => argument.Type switch
    {
        ArgumentType.Key => argument,
        ArgumentType.String when IsNextNoKey => argument,
        ArgumentType.Block when argument.IsRepeated && argument.Items[0].Type == ArgumentType.Key => argument.Items[0],
        _ => null,
    };

    /// <summary>What is declared next is no key (a shard channel), though it is found as one.</summary>
    private bool IsNextNoKey => _declaredUsed < _declared.Length && _declared[_declaredUsed].Access == KeyAccess.NotKey;

    private void Add(Argument key, KeySpecification found)
    {
        AddUnknown();
        bool isDeclared = _declaredUsed < _declared.Length;
        KeyDeclaration declared = isDeclared ? _declared[_declaredUsed++] : new KeyDeclaration(_default);
        KeySpecification specification = found with
        {
            Access = declared.Access,
            AccessWithoutTokens = declared.AccessWithoutTokens,
            VariableTokens = declared.VariableTokens,
            Note = declared.Note,
            Start = declared.From ?? found.Start,
            Search = declared.Search ?? found.Search,
        };
        if (!TryMerge(specification)) _specifications.Add(specification);
        if (key.Type == ArgumentType.Key) key.KeySpecIndex = _specifications.Count - 1;
    }

    /// <summary>Keys that the declaration knows of and the grammar does not name.</summary>
    private void AddUnknown()
    {
        for (; _declaredUsed < _declared.Length && _declared[_declaredUsed].Search == KeySearch.Unknown; _declaredUsed++)
        {
            KeyDeclaration declared = _declared[_declaredUsed];
            _specifications.Add(new KeySpecification
            {
                Access = declared.Access, Note = declared.Note, Search = KeySearch.Unknown,
            });
        }
    }

    /// <summary>Keys side by side that are used alike are one specification (LCS).</summary>
    private bool TryMerge(KeySpecification next)
    {
        if (_specifications.Count == 0) return false;
        KeySpecification last = _specifications[^1];
        bool areAlike = last == next with
        {
            Start = last.Start, LastKey = last.LastKey, VariableTokens = last.VariableTokens,
        };
        bool isOne = next.Search == KeySearch.Index && !next.IsCounted && next.LastKey == 0;
        bool continues = last.LastKey >= 0 && next.Start == last.Start + last.LastKey + 1;
        if (!areAlike || !isOne || !continues) return false;
        _specifications[^1] = last with { LastKey = last.LastKey + 1 };
        return true;
    }
}
