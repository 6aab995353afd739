using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>Finds elements of a list by what they are.</summary>
internal static class ListSearch
{
    /// <summary>So many elements are found before they are removed, so that those of one leaf go at once.</summary>
    private const int RemovedAtOnceMax = 256;

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
        Span<long> found = stackalloc long[RemovedAtOnceMax];
        long removed = 0;
        long from = fromEnd ? ListValue.Count(in key) - 1 : 0;
        while (removed < countMax && from >= 0 && from < ListValue.Count(in key))
        {
            int count = Find(in key, match, ref from, fromEnd, found[..(int)Math.Min(countMax - removed, RemovedAtOnceMax)]);
            if (!fromEnd)
            {
                found[..count].Reverse();
                from -= count;
            }
            ListValue.RemoveEach(ref key, found[..count]);
            removed += count;
        }
        return removed;
    }

    /// <summary>The positions of equal elements, as many as there is room for, in the order in which they are met; the walk goes on from there.</summary>
    private static int Find(in Key key, Match match, ref long from, bool isBackward, Span<long> found)
    {
        int count = 0;
        ListWalk walk = ListValue.Walk(in key, from, isBackward);
        while (count < found.Length && walk.TryNext(out ListPackElement element))
        {
            if (match.Is(element)) found[count++] = from;
            from += isBackward ? -1 : 1;
        }
        return count;
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
