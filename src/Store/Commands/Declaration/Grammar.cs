// The one-line grammar of a command, read into a tree.
//
//     grammar   := choice
//     choice    := sequence { '|' sequence }
//     sequence  := { item } [ '...' ]
//     item      := ( word | '[' choice ']' | '(' choice ')' ) [ '...' ]
//
//     SET   key value [NX | XX] [GET] [EX seconds:integer | PX milliseconds:integer | KEEPTTL]
//     ZADD  key [CH] score:double member [score:double member ...]
//     XREAD [COUNT count:integer] STREAMS key... id...
//
// A word in capitals (or a sign, or "") is a literal token, one in small letters an argument: its type follows a colon,
// and is its name where that is a type (key, pattern), else string. A token takes what follows it in its bracket:
// [EX seconds] is an argument with a token, [LIMIT offset count] a block with one. '...' repeats the item before it; at
// the end of a bracket, all that the bracket holds. A bracket that repeats what stands before it (member [member ...])
// is the same as (member)... .

using System.Diagnostics.CodeAnalysis;

namespace Galley.Store.Commands;

/// <summary>A declaration that cannot be understood: our bug, found when the table is built.</summary>
public sealed class DeclarationException(string message) : Exception(message);

/// <summary>Reads a grammar from left to right, each character once.</summary>
internal ref struct Grammar
{
    private readonly string _text;
    private int _at;

    private Grammar(string text) => _text = text;

    public static Argument[] Parse(string text)
    {
        var grammar = new Grammar(text);
        List<Argument> sequence = grammar.ReadSequence(out bool isRepeated);
        if (grammar.TryPeek(out char rest))
            grammar.Fail($"'{rest}' has no opening bracket, or needs one round its alternatives");
        if (isRepeated)
        {
            if (sequence.Count == 0) grammar.Fail("'...' repeats nothing");
            sequence[^1] = sequence[^1].With(repeated: true);
        }
        return [.. sequence];
    }

    private List<Argument> ReadSequence(out bool isRepeated)
    {
        var sequence = new List<Argument>(4);
        isRepeated = false;
        while (TryPeek(out char next) && next is not ('|' or ']' or ')'))
        {
            if (isRepeated) Fail("'...' stands before the end of its bracket");
            if (next == '.')
            {
                Expect("...");
                isRepeated = true;
                continue;
            }
            if (next is '[' or '(') ReadBracket(sequence, next);
            else sequence.Add(ReadWord());
            if (_text.AsSpan(_at).StartsWith("...")) // Without a space before it: it repeats this item alone.
            {
                _at += 3;
                sequence[^1] = sequence[^1].With(repeated: true);
            }
        }
        return sequence;
    }

    private void ReadBracket(List<Argument> sequence, char opening)
    {
        bool isOptional = opening == '[';
        _at++;
        List<Argument> content = ReadSequence(out bool isRepeated);
        if (isOptional && isRepeated && EndsWith(sequence, content))
        {
            sequence.RemoveRange(sequence.Count - content.Count, content.Count);
            isOptional = false;
        }
        // Round brackets about a single argument have no other use than to make it a block, as redis-server's table has some.
        bool isBlock = opening == '(' && content.Count == 1 && TryPeek(out char closing) && closing == ')';
        Argument item = isBlock ? Block(JoinNames(content), null, [.. content], isRepeated) : Unite(content, isRepeated);
        if (TryPeek(out char next) && next == '|') item = ReadAlternatives(item);
        Expect(opening == '[' ? "]" : ")");
        sequence.Add(isOptional ? item.With(optional: true) : item);
    }

    private Argument ReadAlternatives(Argument first)
    {
        var alternatives = new List<Argument> { first };
        while (TryPeek(out char next) && next == '|')
        {
            _at++;
            List<Argument> content = ReadSequence(out bool isRepeated);
            alternatives.Add(Unite(content, isRepeated));
        }
        return new Argument { Name = JoinNames(alternatives), Type = ArgumentType.OneOf, Items = [.. alternatives] };
    }

    /// <summary>Makes one argument of what a bracket holds.</summary>
    private readonly Argument Unite(List<Argument> content, bool isRepeated)
    {
        if (content.Count == 0) Fail("a bracket holds nothing");
        Argument first = content[0];
        if (content.Count == 1) return isRepeated ? first.With(repeated: true) : first;
        // Words that are all literal (NO ONE) are one alternative: none of them introduces the others.
        if (content.TrueForAll(item => item.Type == ArgumentType.PureToken)) return Block(JoinNames(content), null, [.. content], isRepeated);
        if (first.Type != ArgumentType.PureToken || first.IsOptional || first.IsRepeated)
            return Block(JoinNames(content), null, [.. content], isRepeated);

        Argument second = content[1];
        bool isSimple = content.Count == 2 && !second.IsOptional && second.Token is null;
        return isSimple
            ? second.With(token: first.Token, repeated: isRepeated, tokenRepeated: isRepeated)
            : Block(first.Name, first.Token, [.. content[1..]], isRepeated);
    }

    private static Argument Block(string name, string? token, Argument[] items, bool isRepeated) => new()
    {
        Name = name,
        Type = ArgumentType.Block,
        Token = token,
        Items = items,
        IsRepeated = isRepeated,
        IsTokenRepeated = isRepeated && token is not null,
    };

    private Argument ReadWord()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is not (' ' or '[' or ']' or '(' or ')' or '|' or '.')) _at++;
        string word = _text[start.._at];
        if (word.Length == 0) Fail("a word is expected");
        if (!char.IsAsciiLetterLower(word[0]))
        {
            string token = word == "\"\"" ? "" : word;
            return new Argument { Name = word.ToLowerInvariant(), Type = ArgumentType.PureToken, Token = token };
        }
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? word : word[..colon];
        ArgumentType type = colon >= 0 ? TypeNamed(word[(colon + 1)..]) : name switch
        {
            "key" => ArgumentType.Key,
            "pattern" => ArgumentType.Pattern,
            _ => ArgumentType.String,
        };
        return new Argument { Name = name, Type = type };
    }

    private readonly ArgumentType TypeNamed(string type)
    {
        switch (type)
        {
            case "string": return ArgumentType.String;
            case "key": return ArgumentType.Key;
            case "integer": return ArgumentType.Integer;
            case "double": return ArgumentType.Double;
            case "pattern": return ArgumentType.Pattern;
            case "unix-time": return ArgumentType.UnixTime;
            default: Fail($"'{type}' is no type (key, string, integer, double, pattern, unix-time)"); return default;
        }
    }

    private static bool EndsWith(List<Argument> sequence, List<Argument> content) =>
        sequence.Count >= content.Count && Argument.AreSame(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sequence)[^content.Count..],
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(content));

    private static string JoinNames(List<Argument> arguments) => string.Join('-', arguments.ConvertAll(a => a.Name));

    private bool TryPeek(out char next)
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        next = _at < _text.Length ? _text[_at] : '\0';
        return _at < _text.Length;
    }

    private void Expect(string text)
    {
        _ = TryPeek(out _);
        if (!_text.AsSpan(_at).StartsWith(text)) Fail($"'{text}' is expected");
        _at += text.Length;
    }

    [DoesNotReturn]
    private readonly void Fail(string why) =>
        throw new DeclarationException($"The grammar '{_text}' cannot be read at character {_at + 1}: {why}.");
}
