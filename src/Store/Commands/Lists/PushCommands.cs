using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Lists;

/// <summary>LPUSH, RPUSH, and their sisters that leave absent keys alone.</summary>
internal static class PushCommands
{
    private const string Cost = "O(1) for each element";

    [Command("LPUSH", "key element [element ...]", Group.List, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.0.0",
        Cost = Cost, Keys = "RW INSERT", Summary = "Puts elements before the first of a list, which is made if the key is absent.")]
    public static void Left(Execution x) => Push(x, isLeft: true, needsKey: false);

    [Command("RPUSH", "key element [element ...]", Group.List, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.0.0",
        Cost = Cost, Keys = "RW INSERT", Summary = "Puts elements behind the last of a list, which is made if the key is absent.")]
    public static void Right(Execution x) => Push(x, isLeft: false, needsKey: false);

    [Command("LPUSHX", "key element [element ...]", Group.List, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.2.0",
        Cost = Cost, Keys = "RW INSERT", Summary = "Puts elements before the first of a list that is there.")]
    public static void LeftIfThere(Execution x) => Push(x, isLeft: true, needsKey: true);

    [Command("RPUSHX", "key element [element ...]", Group.List, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.2.0",
        Cost = Cost, Keys = "RW INSERT", Summary = "Puts elements behind the last of a list that is there.")]
    public static void RightIfThere(Execution x) => Push(x, isLeft: false, needsKey: true);

    private static void Push(Execution x, bool isLeft, bool needsKey)
    {
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (needsKey && !key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        for (int i = 2; i < x.Args.Count; i++) ListValue.Push(ref key, x.Args[i], isLeft);
        x.Changed(in key, EventClass.List, isLeft ? "lpush"u8 : "rpush"u8);
        x.Reply.Integer(ListValue.Count(in key));
    }
}
