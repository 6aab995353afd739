using System.Buffers.Text;
using Galley.Store.Commands;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Commands.Waiting;

/// <summary>Commands that block, on strings, so that the machinery is tested apart from the types that use it.</summary>
internal static class WaitingCommands
{
    /// <summary>Galley's commands and these.</summary>
    public static CommandTable Table { get; } = CommandTable.FromTypes([.. typeof(CommandTable).Assembly.GetTypes(), typeof(WaitingCommands)]);

    [Command("TAKE", "key [key ...] timeout:double", Group.String, Flags.Write | Flags.Blocking, Since = "test", Cost = "O(N)",
        Summary = "Deletes the first key that there is, and tells its value.")]
    public static void Take(Execution x)
    {
        int last = x.Args.Count - 1;
        if (!x.TryTimeout(last, out long timeoutMs)) return;
        for (int i = x.IsRetry ? x.ReadyKey : 1; i < (x.IsRetry ? x.ReadyKey + 1 : last); i++)
        {
            if (TryTake(x, i)) return;
        }
        x.Block(new BlockingTerms
        {
            FirstKey = 1, KeyCount = last - 1, Type = KeyType.String, TimeoutMs = timeoutMs, TimeoutReply = static x => x.Reply.NullArray(),
        });
    }

    [Command("PASS", "source:key destination:key timeout:double", Group.String, Flags.Write | Flags.Blocking, Since = "test", Cost = "O(1)",
        Summary = "Renames a key as soon as it is there.", Keys = "RW ACCESS DELETE; RW UPDATE")]
    public static void Pass(Execution x)
    {
        if (!x.TryTimeout(3, out long timeoutMs)) return;
        Key source = x.Write(1);
        if (!source.Exists)
        {
            x.Block(new BlockingTerms
            {
                FirstKey = 1, KeyCount = 1, Type = KeyType.String, TimeoutMs = timeoutMs, TimeoutReply = static x => x.Reply.Null(),
            });
            return;
        }
        byte[] value = source.String.ToArray();
        source.Delete();
        x.Changed(in source, EventClass.Generic, "del"u8);
        Key destination = x.Write(2);
        destination.PutString(value, -1);
        x.Changed(in destination, EventClass.String, "set"u8);
        x.Effect(3).Word("RENAME"u8).Word(x.Args[1]).Word(x.Args[2]);
        x.Reply.Bulk(value);
    }

    [Command("AWAIT", "key minimum:integer", Group.String, Flags.ReadOnly | Flags.Blocking, Since = "test", Cost = "O(1)",
        Summary = "Waits until the key's value is at least as long, or the key is gone.")]
    public static void Await(Execution x)
    {
        if (!x.TryInteger(2, out long minimum)) return;
        Key key = x.Look(1);
        if (!key.Exists && x.IsRetry) x.Reply.Error("UNBLOCKED the key no longer exists"u8);
        else if (key.Exists && key.String.Length >= minimum) x.Reply.Integer(key.String.Length);
        else x.Block(new BlockingTerms
        {
            FirstKey = 1, KeyCount = 1, Type = KeyType.String, WakesWhenGone = true, TimeoutReply = static x => x.Reply.Null(),
        });
    }

    [Command("BREAK", "key", Group.String, Flags.ReadOnly | Flags.Blocking, Since = "test", Cost = "O(1)",
        Summary = "Waits for a key, and fails when it comes.")]
    public static void Break(Execution x)
    {
        if (x.IsRetry) throw new InvalidOperationException("broken");
        x.Block(new BlockingTerms { FirstKey = 1, KeyCount = 1, Type = KeyType.String, TimeoutReply = static x => x.Reply.Null() });
    }

    private static bool TryTake(Execution x, int argument)
    {
        Key key = x.Write(argument);
        if (!key.Exists) return false;
        byte[] value = key.String.ToArray();
        key.Delete();
        x.Changed(in key, EventClass.Generic, "del"u8);
        x.Effect(2).Word("DEL"u8).Word(x.Args[argument]);
        x.Reply.Array(2);
        x.Reply.Bulk(x.Args[argument]);
        x.Reply.Bulk(value);
        return true;
    }
}
