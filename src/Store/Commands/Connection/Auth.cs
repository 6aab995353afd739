namespace Galley.Store.Commands;

internal static class Auth
{
    [Command("AUTH", "[username] password", Group.Connection,
        Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Fast | Flags.NoAuth | Flags.AllowBusy, Since = "1.0.0",
        Cost = "O(1)", Summary = "Tells who the client is.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        for (int i = 1; i < x.Args.Count; i++) x.Redact(i);
        bool namesUser = x.Args.Count == 3;
        if (!namesUser && !Authentication.HasPassword(x.Server))
        {
            x.Reply.Error("ERR AUTH <password> called without any password configured for the default user. Are you sure "u8
                + "your configuration is correct?"u8);
            return;
        }
        ReadOnlySpan<byte> user = namesUser ? x.Args[1] : "default"u8;
        if (Authentication.TryAuthenticate(x.Server, x.Session, user, x.Args[x.Args.Count - 1])) x.Reply.Ok();
        else x.Reply.Error(Errors.WrongPassword);
    }
}
