// From the grammar of a command to the JSON object that calls it.
//
//     key value [NX | XX] [EX seconds:integer | PX ..]    {"key":"k", "value":"v", "nx":true, "ex":60}
//     key [key ...]                                       {"keys":["a","b"]}
//     key value [key value ...]                           {"pairs":[{"key":"a","value":"1"}]}
//     numkeys:integer key [key ...]                       {"keys":["a","b"]}             the number is counted
//     key FIELDS numfields:integer field [field ...]      {"key":"k", "fields":["f"]}
//     STREAMS key... id...                                {"keys":["s"], "ids":["0"]}    the token is always written
//     [LIMIT offset:integer count:integer]                {"limit":{"offset":0,"count":10}}
//     [AGGREGATE (SUM | MIN | MAX)]                       {"aggregate":"MAX"}
//     [count:integer [WITHVALUES]]                        {"count":2, "withvalues":true}
//
// A token names its field; what follows it is the value. Where there is none, the argument names it.

using Galley.Store.Commands;

namespace Galley.Api.Typed;

/// <summary>Derives the body of a typed operation from a declaration.</summary>
internal static class BodyOfGrammar
{
    private const string PairsName = "pairs";
    private const string ItemsName = "items";

    public static Body Derive(Argument[] grammar) => new(Parts(grammar, new FieldNames()));

    private static Part[] Parts(Argument[] sequence, FieldNames names)
    {
        var parts = new List<Part>(sequence.Length);
        bool isCounted = false;
        for (int i = 0; i < sequence.Length; i++)
        {
            if (i + 1 < sequence.Length && IsCount(sequence[i], sequence[i + 1]))
            {
                isCounted = true;
                continue;
            }
            Part part = PartOf(sequence[i], names, isAlternative: false);
            if (isCounted) part = (Field)part with { IsCounted = true };
            isCounted = false;
            if (part is Together { IsOptional: false } together) parts.AddRange(together.Parts);
            else parts.Add(part);
        }
        return [.. parts];
    }

    /// <summary>A number that only says how many arguments follow.</summary>
    private static bool IsCount(Argument argument, Argument next) =>
        argument is { Type: ArgumentType.Integer, Token: null, IsOptional: false, IsRepeated: false }
        && argument.Name.StartsWith("num", StringComparison.Ordinal) && next.IsRepeated;

    private static Part PartOf(Argument argument, FieldNames names, bool isAlternative)
    {
        switch (argument.Type)
        {
            case ArgumentType.PureToken:
                return isAlternative || argument.IsOptional ? Named(argument, names, new Flag()) : new Literal(argument.Token!);
            case ArgumentType.OneOf when argument is { Token: null, IsRepeated: false }:
                return new Choice(Array.ConvertAll(argument.Items, item => PartOf(item, names, isAlternative: true)), argument.IsOptional);
            case ArgumentType.OneOf:
                return Named(argument, names, ValueOf(argument.Items));
            case ArgumentType.Block when argument is { Token: null, IsRepeated: false }:
                return new Together(Parts(argument.Items, names), argument.IsOptional);
            case ArgumentType.Block:
                return BlockField(argument, names);
            default:
                return Named(argument, names, new Word(argument.Name, argument.Type));
        }
    }

    /// <summary>The value of a one-of that has a name: a word where all alternatives are words, else an object.</summary>
    private static FieldValue ValueOf(Argument[] alternatives)
    {
        if (Array.TrueForAll(alternatives, item => item.Type == ArgumentType.PureToken))
            return new WordOf(Array.ConvertAll(alternatives, item => item.Token!));
        var names = new FieldNames();
        return new Record(new Body([new Choice(
            Array.ConvertAll(alternatives, item => PartOf(item, names, isAlternative: true)), IsOptional: false)]));
    }

    /// <summary>A block with a name is an object; but its field alone where it has no more than one.</summary>
    private static Field BlockField(Argument block, FieldNames names)
    {
        Part[] parts = Parts(block.Items, new FieldNames());
        bool isOne = parts is [Field { IsOptional: false, Token: null, Value: not Flag } only] && !(block.IsRepeated && only.IsRepeated);
        if (!isOne) return Named(block, names, new Record(new Body(parts)));

        var inner = (Field)parts[0];
        string name = block.Token is { } token ? FieldNames.Of(token) : block.IsRepeated ? FieldNames.Plural(inner.Name) : inner.Name;
        return inner with
        {
            Name = names.Take(name),
            Token = block.Token,
            IsOptional = block.IsOptional,
            IsRepeated = block.IsRepeated || inner.IsRepeated,
            IsTokenRepeated = block.IsTokenRepeated,
        };
    }

    private static Field Named(Argument argument, FieldNames names, FieldValue value) => new()
    {
        Name = names.Take(NameOf(argument)),
        Value = value,
        Token = argument.Token,
        IsOptional = argument.IsOptional,
        IsRepeated = argument.IsRepeated,
        IsTokenRepeated = argument.IsTokenRepeated,
    };

    private static string NameOf(Argument argument)
    {
        if (argument.Token is { } token) return FieldNames.Of(token);
        if (argument.Items.Length > 0) return argument.Items.Length == 2 && argument.Type == ArgumentType.Block ? PairsName : ItemsName;
        string name = FieldNames.Of(argument.Name);
        return argument.IsRepeated ? FieldNames.Plural(name) : name;
    }
}
