using System.Text;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>CONFIG: the parameters of the server while it runs.</summary>
internal static class Config
{
    private const Flags Common = Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale;

    [Command("CONFIG|GET", "(parameter)...", Group.Server, Common, Since = "2.0.0", Cost = "O(N) in the parameters asked for",
        Summary = "Tells the values of parameters that match patterns.")]
    public static void Get(Execution x)
    {
        List<KeyValuePair<string, string>> found = x.Server.Settings.Parameters.List(Words(x));
        x.Reply.Map(found.Count);
        foreach ((string name, string value) in found)
        {
            x.Reply.Bulk(TextBytes.Encode(name));
            x.Reply.Bulk(TextBytes.Encode(value));
        }
    }

    [Command("CONFIG|SET", "parameter value [parameter value ...]", Group.Server, Common, Since = "2.0.0",
        Cost = "O(N) in the parameters set", Tips = "request_policy:all_nodes, response_policy:all_succeeded",
        Summary = "Sets parameters, all of them or none.")]
    public static void Set(Execution x)
    {
        RedactSecrets(x);
        bool fromThisMachine = x.Session.Connection is { IsLocal: true };
        if (x.Server.Settings.Parameters.TrySet(Words(x), fromThisMachine) is { } error) x.Reply.Error(TextBytes.Encode(error));
        else x.Reply.Ok();
    }

    [Command("CONFIG|RESETSTAT", "", Group.Server, Common, Since = "2.0.0", Cost = "O(1)",
        Summary = "Sets the counters of INFO to zero.")]
    public static void ResetStat(Execution x)
    {
        x.Server.Stats.Reset();
        x.Server.CommandStats.Reset();
        for (int id = 0; id < x.Server.Databases.Count; id++) x.Server.Databases[id].Prefixes.ForgetOperations();
        x.Server.CollectorPauses.Reset();
        x.Reply.Ok();
    }

    [Command("CONFIG|REWRITE", "", Group.Server, Common, Since = "2.8.0", Cost = "O(1)",
        Summary = "Writes what holds now into the configuration file.")]
    public static void Rewrite(Execution x) => Rewrite(x, "Rewriting config file", writesAll: false);

    /// <param name="doing">What begins the error when the file cannot be written.</param>
    /// <param name="writesAll">Parameters at their defaults that have no line are written too.</param>
    internal static void Rewrite(Execution x, string doing, bool writesAll)
    {
        if (x.Server.ConfigStorage is not { } file)
        {
            x.Reply.Error("ERR The server is running without a config file"u8);
            return;
        }
        try
        {
            string old = TextBytes.Decode(file.Read());
            file.Replace(TextBytes.Encode(x.Server.Settings.Parameters.Rewrite(old, writesAll)));
            x.Reply.Ok();
        }
        catch (IOException failure)
        {
            x.Reply.Error($"ERR {doing}: {failure.Message}");
        }
    }

    [Command("CONFIG|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "CONFIG", """
        GET <pattern>
            Return parameters matching the glob-like <pattern> and their values.
        SET <directive> <value>
            Set the configuration <directive> to <value>.
        RESETSTAT
            Reset statistics reported by the INFO command.
        REWRITE
            Rewrite the configuration file.
        """);

    private static void RedactSecrets(Execution x)
    {
        for (int i = 2; i + 1 < x.Args.Count; i += 2)
            if (x.Server.Settings.Parameters.Find(Encoding.Latin1.GetString(x.Args[i])) is { Declaration.Secret: true }) x.Redact(i + 1);
    }

    private static string[] Words(Execution x)
    {
        var words = new string[x.Args.Count - 2];
        for (int i = 0; i < words.Length; i++) words[i] = TextBytes.Decode(x.Args[i + 2]);
        return words;
    }
}
