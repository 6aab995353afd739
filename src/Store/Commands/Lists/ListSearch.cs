using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>Finds elements of a list by what they are.</summary>
internal static class ListSearch
{
    /// <summary>The position of the first element equal to this one, or -1.</summary>
    public static long First(in Key key, ReadOnlySpan<byte> sought)
    {
        var match = new Match(sought);
        ListWalk walk = ListValue.Walk(in key, 0);
        for (long position = 0; walk.TryNext(out ListPackElement element); position++)
            if (match.Is(element)) return position;
        return -1;
    }

    /// <summary>Removes elements equal to this one, at most so many, and returns how many there were.</summary>
    public static long RemoveAll(ref Key key, ReadOnlySpan<byte> sought, long countMax, bool fromEnd)
    {
        var match = new Match(sought);
        long removed = 0;
        long position = fromEnd ? ListValue.Count(in key) - 1 : 0;
        while (removed < countMax && position >= 0 && position < ListValue.Count(in key))
        {
            position = Next(in key, match, position, fromEnd);
            if (position < 0) break;
            ListValue.Remove(ref key, position, 1);
            removed++;
            if (fromEnd) position--;
        }
        return removed;
    }

    /// <summary>The position of the next equal element from this one on, or -1.</summary>
    private static long Next(in Key key, Match match, long position, bool isBackward)
    {
        ListWalk walk = ListValue.Walk(in key, position, isBackward);
        for (; walk.TryNext(out ListPackElement element); position += isBackward ? -1 : 1)
            if (match.Is(element)) return position;
        return -1;
    }

    /// <summary>An element as it would be kept, so that it is compared without being printed.</summary>
    internal readonly ref struct Match
    {
        private readonly ReadOnlySpan<byte> _text;
        private readonly long _integer;
        private readonly bool _isInteger;

        public Match(ReadOnlySpan<byte> text)
        {
            _text = text;
            _isInteger = Numbers.TryParseInt64(text, out _integer);
        }

        public bool Is(ListPackElement element) => element.IsInteger
            ? _isInteger && element.Integer == _integer
            : element.Length == _text.Length && element.TextIn(default).SequenceEqual(_text);
    }
}
