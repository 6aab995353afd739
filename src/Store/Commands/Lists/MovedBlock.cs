using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>
/// The elements at an end of the list that is the command's first key, on their way to the list that is its second. They
/// are copied one at a time, since opening the one key makes the other's place in the table stale. The log is told of a
/// push and a pop, which every server knows.
/// </summary>
internal readonly ref struct MovedBlock(Execution x, MoveTerms terms, int count, long listCount)
{
    /// <summary>They are pushed in the order in which they come off the list; or so that they end up as they stood there.</summary>
    private bool IsPushedBackward => terms.IsBulk ? terms.ToLeft : !terms.FromLeft;

    /// <summary>The position of the block's first element.</summary>
    private long First => terms.FromLeft ? 0 : listCount - count;

    private ReadOnlySpan<byte> PushEvent => terms.ToLeft ? "lpush"u8 : "rpush"u8;

    private ReadOnlySpan<byte> PopEvent => terms.FromLeft ? "lpop"u8 : "rpop"u8;

    /// <summary>Replies with the elements in the order in which they will stand.</summary>
    public void Reply()
    {
        Key source = x.Peek(1);
        x.Reply.Array(count);
        ListWalk walk = Walk(in source, terms.ToLeft != IsPushedBackward);
        for (int i = 0; i < count && walk.TryNext(out ListPackElement element); i++) element.SendTo(x.Reply);
    }

    /// <summary>Moves them to another list.</summary>
    public void MoveToOther()
    {
        LogAsPushAndPop();
        byte[] copy = [];
        for (int i = 0; i < count; i++)
        {
            Key from = x.Peek(1);
            ReadOnlySpan<byte> element = Copy(in from, IsPushedBackward ? First + count - 1 - i : First + i, ref copy);
            Key to = x.Peek(2);
            ListValue.Push(ref to, element, terms.ToLeft);
        }
        Key target = x.Peek(2);
        x.Changed(in target, EventClass.List, PushEvent);
        Key source = x.Peek(1);
        PopCommands.Remove(x, ref source, count, terms.FromLeft);
    }

    /// <summary>Moves them to the other end of the same list, which a whole list does not notice.</summary>
    public void Rotate()
    {
        Key key = x.Peek(1);
        if (count == listCount) x.NoEffect();
        else LogAsPushAndPop();
        byte[] copy = [];
        for (int i = 0; count < listCount && i < count; i++)
        {
            long end = terms.FromLeft ? 0 : listCount - 1;
            ReadOnlySpan<byte> element = Copy(in key, end, ref copy);
            ListValue.Remove(ref key, end, 1);
            ListValue.Push(ref key, element, terms.ToLeft);
        }
        TellOfBoth(in key);
    }

    /// <summary>Takes them off and puts them back on the same end: one by one that turns them round.</summary>
    public void Reorder()
    {
        Key key = x.Peek(1);
        x.NoEffect();
        byte[] low = [], high = [];
        for (int i = 0; !terms.IsBulk && i < count / 2; i++)
        {
            long left = First + i, right = First + count - 1 - i;
            ReadOnlySpan<byte> leftElement = Copy(in key, left, ref low), rightElement = Copy(in key, right, ref high);
            Set(ref key, left, rightElement);
            Set(ref key, right, leftElement);
        }
        TellOfBoth(in key);
    }

    private void Set(ref Key key, long position, scoped ReadOnlySpan<byte> element)
    {
        x.Effect(4).Word("LSET"u8).Word(key.Name).Word(position).Word(element);
        ListValue.Set(ref key, position, element);
    }

    private void TellOfBoth(in Key key)
    {
        x.Changed(in key, EventClass.List, PushEvent);
        x.Changed(in key, EventClass.List, PopEvent);
    }

    private void LogAsPushAndPop()
    {
        EffectWriter push = x.Effect(2 + count).Word(terms.ToLeft ? "LPUSH"u8 : "RPUSH"u8).Word(x.Args[2]);
        Key source = x.Peek(1);
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ListWalk walk = Walk(in source, IsPushedBackward);
        for (int i = 0; i < count && walk.TryNext(out ListPackElement element); i++) push.Word(element.TextIn(digits));
        x.Effect(3).Word(terms.FromLeft ? "LPOP"u8 : "RPOP"u8).Word(x.Args[1]).Word(count);
    }

    private ListWalk Walk(in Key key, bool isBackward) => ListValue.Walk(in key, isBackward ? First + count - 1 : First, isBackward);

    /// <summary>The element at a position, in an array that grows as it must.</summary>
    private static ReadOnlySpan<byte> Copy(in Key key, long position, ref byte[] copy)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ReadOnlySpan<byte> text = ListValue.At(in key, position).TextIn(digits);
        if (copy.Length < text.Length) copy = new byte[text.Length];
        text.CopyTo(copy);
        return copy.AsSpan(0, text.Length);
    }
}
