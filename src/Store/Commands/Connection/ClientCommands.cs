namespace Galley.Store.Commands;

/// <summary>CLIENT: what a client tells of itself and asks of its own connection.</summary>
internal static class ClientCommands
{
    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale;

    [Command("CLIENT|ID", "", Group.Connection, Common, Since = "5.0.0", Cost = "O(1)",
        Summary = "Tells the connection's number.")]
    public static void Id(Execution x) => x.Reply.Integer(x.Session.Id);

    [Command("CLIENT|GETNAME", "", Group.Connection, Common, Since = "2.6.9", Cost = "O(1)",
        Summary = "Tells the connection's name.")]
    public static void GetName(Execution x)
    {
        if (x.Session.Name.Length == 0) x.Reply.Null();
        else x.Reply.Bulk(x.Session.Name);
    }

    [Command("CLIENT|SETNAME", "connection-name", Group.Connection, Common, Since = "2.6.9", Cost = "O(1)",
        Summary = "Names the connection.")]
    public static void SetName(Execution x)
    {
        if (TrySetName(x, 2)) x.Reply.Ok();
    }

    /// <summary>Takes an argument as the client's name, or replies that it cannot be one.</summary>
    internal static bool TrySetName(Execution x, int argument)
    {
        bool isValid = IsPrintable(x.Args[argument]);
        if (isValid) x.Session.Name = x.Args[argument].ToArray();
        else x.Reply.Error("ERR Client names cannot contain spaces, newlines or special characters."u8);
        return isValid;
    }

    [Command("CLIENT|SETINFO", "(LIB-NAME libname | LIB-VER libver)", Group.Connection, Common, Since = "7.2.0", Cost = "O(1)",
        Summary = "Tells the name and version of the client's library.")]
    public static void SetInfo(Execution x)
    {
        bool isName = x.Is(2, "LIB-NAME"u8);
        if (!isName && !x.Is(2, "LIB-VER"u8))
        {
            x.Reply.Error($"ERR Unrecognized option '{PrintedText.Of(x.Args[2])}'");
            return;
        }
        if (!IsPrintable(x.Args[3]))
        {
            x.Reply.Error($"ERR {PrintedText.Of(x.Args[2])} cannot contain spaces, newlines or special characters.");
            return;
        }
        if (isName) x.Session.LibraryName = x.Args[3].ToArray();
        else x.Session.LibraryVersion = x.Args[3].ToArray();
        x.Reply.Ok();
    }

    [Command("CLIENT|CAPA", "capability [capability ...]", Group.Connection, Common, Since = "valkey 8.0.0", Cost = "O(1)",
        Summary = "Tells what the client can do: of these, what Galley knows is \"redirect\".")]
    public static void Capabilities(Execution x)
    {
        for (int i = 2; i < x.Args.Count; i++)
            if (x.Is(i, "REDIRECT"u8)) x.Session.CanBeRedirected = true;
        x.Reply.Ok();
    }

    [Command("CLIENT|REPLY", "(ON | OFF | SKIP)", Group.Connection, Common, Since = "3.2.0", Cost = "O(1)",
        Summary = "Has the client's commands answered, or not.")]
    public static void Reply(Execution x)
    {
        if (x.Is(2, "ON"u8))
        {
            x.Session.ReplyMode = ReplyMode.On;
            x.Reply.Ok();
        }
        else if (x.Is(2, "OFF"u8))
        {
            x.Session.ReplyMode = ReplyMode.Off;
        }
        else if (x.Is(2, "SKIP"u8))
        {
            if (x.Session.ReplyMode != ReplyMode.Off) x.Session.ReplyMode = ReplyMode.SkipNext;
        }
        else
        {
            x.Reply.Error(Errors.Syntax);
        }
    }

    [Command("CLIENT|NO-EVICT", "(ON | OFF)", Group.Connection, Common | Flags.Admin, Since = "7.0.0", Cost = "O(1)",
        Summary = "Spares the connection when clients hold too much memory, or not.")]
    public static void NoEvict(Execution x)
    {
        if (!TryReadSwitch(x, out bool isOn)) return;
        x.Session.IsSparedFromEviction = isOn;
        x.Reply.Ok();
    }

    [Command("CLIENT|NO-TOUCH", "(ON | OFF)", Group.Connection, Common, Since = "7.2.0", Cost = "O(1)",
        Summary = "Lets the client's commands not count as a use of keys, or count.")]
    public static void NoTouch(Execution x)
    {
        if (!TryReadSwitch(x, out bool isOn)) return;
        x.Session.LeavesKeysUntouched = isOn;
        x.Reply.Ok();
    }

    /// <summary>CLIENT LIST prints names on one line, between spaces.</summary>
    private static bool IsPrintable(ReadOnlySpan<byte> name) => !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private static bool TryReadSwitch(Execution x, out bool isOn)
    {
        isOn = x.Is(2, "ON"u8);
        if (isOn || x.Is(2, "OFF"u8)) return true;
        x.Reply.Error(Errors.Syntax);
        return false;
    }
}
