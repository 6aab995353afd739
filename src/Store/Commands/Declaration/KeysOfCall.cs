using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>A key among the arguments of a call, and what the command does with it.</summary>
public readonly record struct KeyPosition(int Argument, KeyAccess Access);

/// <summary>
/// The keys of one call, in the order of the specifications; enumerates without a heap object. Arguments that do not fit
/// a specification (a count of keys that is no number, or too great) have no keys by it, and are noted.
/// </summary>
public ref struct KeysOfCall
{
    private readonly Arguments _args;
    private readonly CommandInfo _command;
    private int _nextSpecification;
    private int _next;
    private int _last;
    private int _step;
    private KeyAccess _access;

    internal KeysOfCall(CommandInfo command, in Arguments args)
    {
        _command = command;
        _args = args;
        _last = -1;
    }

    public KeyPosition Current { get; private set; }

    /// <summary>Arguments were met that do not fit their specification; known when all keys have been.</summary>
    public bool IsMisfit { get; private set; }

    public readonly KeysOfCall GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_next > _last)
        {
            if (_nextSpecification == _command.KeySpecifications.Length) return false;
            Begin(_command.KeySpecifications[_nextSpecification++]);
        }
        Current = new KeyPosition(_next, _access);
        _next += _step;
        return true;
    }

    private void Begin(KeySpecification specification)
    {
        _next = 0;
        _last = -1;
        if (!TryFindFirst(specification, out int first)) return;
        int last;
        if (specification.IsCounted)
        {
            if (first >= _args.Count || !TryCount(_args[first], out int keys))
            {
                IsMisfit = true;
                return;
            }
            first++;
            last = first + (keys - 1) * specification.Step;
        }
        else if (specification.LastKey >= 0) last = first + specification.LastKey;
        else if (specification.Limit <= 1) last = _args.Count + specification.LastKey;
        else last = first + ((_args.Count - first) / specification.Limit) + specification.LastKey;

        if (last < first || last >= _args.Count)
        {
            IsMisfit = true;
            return;
        }
        _next = first;
        _last = last;
        _step = specification.Step;
        _access = AccessOf(specification);
    }

    private readonly bool TryFindFirst(KeySpecification specification, out int first)
    {
        first = specification.Start;
        switch (specification.Search)
        {
            case KeySearch.Index: return true;
            case KeySearch.Keyword: return TryFindKeyword(specification, out first);
            case KeySearch.Options: return TryFindAmongOptions(null, out first);
            case KeySearch.LastOption: return TryFindAmongOptions(specification.Keyword, out first);
            default: return false;
        }
    }

    /// <summary>Forwards from the start to the end; from a negative start backwards, as redis-server does.</summary>
    private readonly bool TryFindKeyword(KeySpecification specification, out int first)
    {
        bool isForward = specification.Start > 0;
        int at = isForward ? specification.Start : _args.Count + specification.Start;
        for (; at > 0 && at < _args.Count; at += isForward ? 1 : -1)
        {
            first = at + 1;
            if (EqualsIgnoreCase(_args[at], specification.Keyword)) return true;
        }
        first = 0;
        return false;
    }

    /// <summary>
    /// Finds the key of an option by reading the options as the handler does, so that a value which reads like the
    /// token (<c>SORT list BY store</c>) misleads nobody. The last one given counts.
    /// </summary>
    /// <param name="keyword">The token of the option, or null for any that has a key.</param>
    private readonly bool TryFindAmongOptions(string? keyword, out int first)
    {
        first = 0;
        for (int at = _command.WordsMin; at < _args.Count;)
        {
            int words = 1;
            foreach (Argument argument in _command.Grammar)
            {
                if (!argument.IsOptional || argument.Token is null || !EqualsIgnoreCase(_args[at], argument.Token)) continue;
                words = argument.WordsMin;
                bool isSought = argument.Type == ArgumentType.Key && (keyword is null || keyword == argument.Token);
                if (isSought && at + 1 < _args.Count) first = at + 1;
                break;
            }
            at += words;
        }
        return first > 0;
    }

    private readonly KeyAccess AccessOf(KeySpecification specification)
    {
        if (specification.VariableTokens.Length == 0) return specification.Access;
        for (int i = _command.WordsMin; i < _args.Count; i++)
            foreach (string token in specification.VariableTokens)
                if (EqualsIgnoreCase(_args[i], token)) return specification.Access & ~KeyAccess.VariableFlags;
        return specification.AccessWithoutTokens;
    }

    private readonly bool TryCount(ReadOnlySpan<byte> digits, out int count) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out count, out int read) &&
        read == digits.Length && count > 0 && count < _args.Count;

    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> argument, string token) =>
        argument.Length == token.Length && System.Text.Ascii.EqualsIgnoreCase(argument, token);
}
