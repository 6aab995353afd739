using System.Security.Cryptography;
using System.Text;

namespace Galley.Store.Commands;

/// <summary>ACL, of which there is one user: <c>default</c>, who may do everything, with <c>requirepass</c> for a password.</summary>
internal static class AclCommands
{
    private const Flags Asking = Flags.NoScript | Flags.Loading | Flags.Stale;
    private const Flags Administering = Flags.Admin | Asking;
    private const string Everything = "~* &* +@all";

    private const long PasswordBitsDefault = 256;
    private const long PasswordBitsMax = 4096;

    [Command("ACL|WHOAMI", "", Group.Server, Asking, Since = "6.0.0", Cost = "O(1)",
        Summary = "Tells the user of this connection.")]
    public static void WhoAmI(Execution x) => x.Reply.Bulk(x.Session.UserName);

    [Command("ACL|USERS", "", Group.Server, Administering, Since = "6.0.0", Cost = "O(N) in the users",
        Summary = "Lists the names of the users.")]
    public static void Users(Execution x)
    {
        x.Reply.Array(1);
        x.Reply.Bulk(Authentication.DefaultUser);
    }

    [Command("ACL|LIST", "", Group.Server, Administering, Since = "6.0.0", Cost = "O(N) in the users",
        Summary = "Lists the users with their rules.")]
    public static void List(Execution x)
    {
        string password = PasswordDigest(x.Server) is { } digest ? "#" + digest : "nopass";
        x.Reply.Array(1);
        x.Reply.Bulk($"user {Authentication.DefaultUser} on {password} {Everything}");
    }

    [Command("ACL|GETUSER", "username", Group.Server, Administering, Since = "6.0.0", Cost = "O(N) in the user's rules",
        Summary = "Tells the rules of a user.")]
    public static void GetUser(Execution x)
    {
        if (!x.Args[2].SequenceEqual("default"u8))
        {
            x.Reply.Null();
            return;
        }
        string? digest = PasswordDigest(x.Server);
        string[] flags = digest is null ? ["on", "nopass"] : ["on"];
        string[] passwords = digest is null ? [] : [digest];
        x.Reply.Map(6);
        x.Reply.Bulk("flags"u8);
        x.Reply.Set(flags.Length);
        foreach (string flag in flags) x.Reply.Bulk(flag);
        x.Reply.Bulk("passwords"u8);
        x.Reply.Array(passwords.Length);
        foreach (string password in passwords) x.Reply.Bulk(password);
        foreach ((string name, string rule) in ((string, string)[])[("commands", "+@all"), ("keys", "~*"), ("channels", "&*")])
        {
            x.Reply.Bulk(name);
            x.Reply.Bulk(rule);
        }
        x.Reply.Bulk("selectors"u8);
        x.Reply.Array(0);
    }

    [Command("ACL|CAT", "[categoryname]", Group.Server, Asking, Since = "6.0.0", Cost = "O(N) in the commands",
        Summary = "Lists the categories of commands, or the commands of one.")]
    public static void Cat(Execution x)
    {
        if (x.Args.Count > 3) RefuseCount(x);
        else if (x.Args.Count == 2) ListCategories(x);
        else if (AclCategory.Named(x.Args[2]) is var category and not AclCategories.None) ListCommands(x, category);
        else x.Reply.Error($"ERR Unknown category '{PrintedText.Of(x.Args[2])}'");
    }

    [Command("ACL|GENPASS", "[bits:integer]", Group.Server, Asking, Since = "6.0.0", Cost = "O(1)",
        Summary = "Makes a password that nobody can guess.")]
    public static void GenPass(Execution x)
    {
        long bits = PasswordBitsDefault;
        if (x.Args.Count > 3)
        {
            RefuseCount(x);
            return;
        }
        if (x.Args.Count == 3 && !x.TryInteger(2, out bits)) return;
        if (bits is < 1 or > PasswordBitsMax)
        {
            x.Reply.Error("ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096"u8);
            return;
        }
        x.Reply.Bulk(RandomNumberGenerator.GetHexString((int)(bits + 3) / 4, lowercase: true));
    }

    [Command("ACL|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "6.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "ACL", """
        CAT [<category>]
            List all commands that belong to <category>, or all command categories
            when no category is specified.
        DELUSER <username> [<username> ...]
            Delete a list of users.
        DRYRUN <username> <command> [<arg> ...]
            Returns whether the user can execute the given command without executing the command.
        GETUSER <username>
            Get the user's details.
        GENPASS [<bits>]
            Generate a secure 256-bit user password. The optional `bits` argument can
            be used to specify a different size.
        LIST
            Show users details in config file format.
        LOAD
            Reload users from the ACL file.
        LOG [<count> | RESET]
            Show the ACL log entries.
        SAVE
            Save the current config to the ACL file.
        SETUSER <username> <attribute> [<attribute> ...]
            Create or modify a user with the specified attributes.
        USERS
            List all the registered usernames.
        WHOAMI
            Return the current connection username.
        """);

    private static void ListCategories(Execution x)
    {
        x.Reply.Array(AclCategory.Count);
        foreach (string name in AclCategory.Names) x.Reply.Bulk(name);
    }

    private static void ListCommands(Execution x, AclCategories category)
    {
        CommandInfo[] commands = [.. x.Server.Commands.All.ToArray().Where(command => (command.Categories & category) != 0)];
        x.Reply.Array(commands.Length);
        foreach (CommandInfo command in commands) x.Reply.Bulk(command.LowerName);
    }

    private static void RefuseCount(Execution x) => x.Reply.Error(
        $"ERR unknown subcommand or wrong number of arguments for '{PrintedText.Of(x.Args[1])}'. Try ACL HELP.");

    /// <summary>A password is only ever shown as its SHA-256.</summary>
    private static string? PasswordDigest(ServerContext server) => Authentication.HasPassword(server)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server.Settings.RequirePass)))
        : null;
}
