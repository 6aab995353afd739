using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

/// <summary>What the STORE forms do with their result.</summary>
internal static class SortedSetStore
{
    /// <summary>
    /// Makes the result, which is sorted, the value of a key, whatever that held, and replies with its count; an empty one
    /// deletes the key.
    /// </summary>
    public static void Put(Execution x, int argument, SortedSetDraft result, ReadOnlySpan<byte> eventName)
    {
        int count = result.Count;
        if (count == 0)
        {
            StoredResult.Delete(x, argument);
            return;
        }
        Key target = x.Peek(argument);
        x.Replaces(in target, KeyType.SortedSet);
        result.MoveTo(ref target);
        x.Changed(in target, EventClass.SortedSet, eventName);
        x.Reply.Integer(count);
    }
}
