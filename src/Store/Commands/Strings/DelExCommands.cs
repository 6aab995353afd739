using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>Deleting a string under a condition on its value: Redis's DELEX, Valkey's DELIFEQ.</summary>
internal static class DelExCommands
{
    [Command("DELEX", "key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]", Group.String,
        Flags.Write | Flags.Fast, Since = "8.4.0", Cost = "O(1); O(N) in the length of the value for a digest",
        Keys = "RW DELETE VARIABLE_FLAGS, RM DELETE without IFEQ IFNE IFDEQ IFDNE",
        Summary = "Deletes a key if its value, or the digest of it, is as expected.")]
    public static void DelEx(Execution x)
    {
        if (x.Args.Count == 2)
        {
            Key any = x.Write(1);
            DeleteAndCount(x, ref any, isMeant: any.Exists);
            return;
        }
        if (x.Args.Count != 4)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return;
        }
        var condition = new ValueCondition(ValueCondition.ComparisonNamed(x.Args[2]), 3);
        if (condition.Kind == ConditionKind.None)
        {
            x.Reply.Error("ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE"u8);
            return;
        }
        DeleteIf(x, condition);
    }

    [Command("DELIFEQ", "key value", Group.String, Flags.Write | Flags.Fast, Since = "valkey 9.0.0",
        Cost = "O(1)", Keys = "RW ACCESS DELETE", Summary = "Deletes a key if its value is as expected.")]
    public static void DelIfEq(Execution x) => DeleteIf(x, new ValueCondition(ConditionKind.Equal, 2));

    /// <summary>Deletes a key that exists, and tells so; the log keeps a plain DEL.</summary>
    public static void Delete(Execution x, ref Key key)
    {
        key.Delete();
        x.Effect(2).Word("DEL"u8).Word(key.Name);
        x.Changed(in key, EventClass.Generic, "del"u8);
    }

    private static void DeleteIf(Execution x, ValueCondition condition)
    {
        if (!condition.IsValid(x)) return;
        if (!x.TryWrite(1, KeyType.String, out Key key)) return;
        DeleteAndCount(x, ref key, isMeant: key.Exists && condition.Holds(x, exists: true, key.String));
    }

    private static void DeleteAndCount(Execution x, ref Key key, bool isMeant)
    {
        if (isMeant) Delete(x, ref key);
        x.Reply.Integer(isMeant ? 1 : 0);
    }
}
