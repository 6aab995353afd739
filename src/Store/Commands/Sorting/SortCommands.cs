using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sorting;

/// <summary>SORT, and SORT_RO which stores nothing.</summary>
internal static class SortCommands
{
    private const string Cost = "O(N + M log M) for M elements sorted, and N told of";
    private const string Categories = "-keyspace set sortedset list dangerous";
    private const string KeysRead = "RO ACCESS; RO ACCESS UNKNOWN -- For the optional BY/GET keyword. It is marked 'unknown' "
        + "because the key names derive from the content of the key we sort";

    private const string KeysStored = "; OW UPDATE ANYWHERE -- For the optional STORE keyword. It is marked 'unknown' because "
        + "the keyword can appear anywhere in the argument array";

    [Command("SORT",
        "key [BY pattern] [LIMIT offset:integer count:integer] [GET pattern [GET pattern ...]] [ASC | DESC] [sorting=ALPHA] [STORE destination:key]",
        Group.Generic, Flags.Write | Flags.DenyOom | Flags.WholeKeyspace, Since = "1.0.0", Cost = Cost, Keys = KeysRead + KeysStored,
        Categories = Categories, Summary = "Sorts the elements of a list, set or sorted set, and tells or stores them, or what they name.")]
    public static void Sort(Execution x) => Run(x, takesStore: true);

    [Command("SORT_RO",
        "key [BY pattern] [LIMIT offset:integer count:integer] [GET pattern [GET pattern ...]] [ASC | DESC] [sorting=ALPHA]",
        Group.Generic, Flags.ReadOnly | Flags.WholeKeyspace, Since = "7.0.0", Cost = Cost, Keys = KeysRead, Categories = Categories,
        Summary = "Sorts the elements of a list, set or sorted set, and tells them, or what they name.")]
    public static void SortReadOnly(Execution x) => Run(x, takesStore: false);

    private static void Run(Execution x, bool takesStore)
    {
        if (!SortQuery.TryRead(x, takesStore, out SortQuery query)) return;
        Key key = x.Read(1);
        if (key.Exists && key.Type is not (KeyType.List or KeyType.Set or KeyType.SortedSet))
        {
            x.Reply.Error(Errors.WrongType);
            return;
        }
        using var elements = new SortElements();
        if (key.Exists)
        {
            if (query.IsUnsorted && query.Destination > 0 && key.Type == KeyType.Set) query.SortAsTexts();
            if (key.Type == KeyType.SortedSet) SortedSetValue.ShowAsSkipList(ref key);
            elements.Load(in key, in query);
        }
        if (!query.IsUnsorted && !elements.TrySort(x, in query)) x.Reply.Error("ERR One or more scores can't be converted into double"u8);
        else if ((long)elements.Count * query.Gets.Count > int.MaxValue) x.Reply.Error(Errors.OutOfRange);
        else if (query.Destination > 0) Store(x, elements, in query);
        else Tell(x, elements, in query);
    }

    private static void Tell(Execution x, SortElements elements, in SortQuery query)
    {
        x.Reply.Array(elements.Count * Math.Max(1, query.Gets.Count));
        for (int i = 0; i < elements.Count; i++)
        {
            if (query.Gets.Count == 0) elements.Send(x, i);
            foreach (SortPattern get in query.Gets) elements.Send(x, i, get);
        }
    }

    private static void Store(Execution x, SortElements elements, in SortQuery query)
    {
        TextRef[] results = elements.Results(x, query.Gets);
        if (results.Length == 0)
        {
            StoredResult.Delete(x, query.Destination);
            return;
        }
        Key target = x.Peek(query.Destination);
        x.Replaces(in target, KeyType.List);
        ListValue.Reset(ref target);
        foreach (TextRef result in results) ListValue.Push(ref target, elements.TextOf(result), atFront: false);
        x.Changed(in target, EventClass.List, "sortstore"u8);
        x.Reply.Integer(results.Length);
    }
}
