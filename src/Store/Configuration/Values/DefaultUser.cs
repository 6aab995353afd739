namespace Galley.Store.Configuration;

/// <summary>
/// The <c>user</c> directive as far as it can be honoured: the default user, who may do everything, with a password or
/// without one. Other users and lesser rights are refused: to pass over a restriction would open what was meant shut.
/// </summary>
internal static class DefaultUser
{
    private const string NextStep = "Galley has the default user alone, who may do everything: user default on >password ~* &* +@all";

    // A user of redis-server's configuration begins with nothing; each of these has to be given to him.
    private static readonly string[][] Rights = [["on"], ["~*", "allkeys"], ["&*", "allchannels"], ["+@all", "allcommands"]];

    /// <summary>They mean something in redis-server that makes no difference here.</summary>
    private static readonly string[] Indifferent = ["sanitize-payload", "skip-sanitize-payload"];

    /// <exception cref="ConfigurationException">It is another user, or the default one is to have other rights.</exception>
    public static void Apply(Directive directive, Settings settings)
    {
        if (directive.Words[0] != "default")
            throw directive.Refused("Galley has no users but the default one", NextStep);

        string? password = null;
        var given = new HashSet<int>();
        foreach (string rule in directive.Words.Skip(1))
        {
            string lower = rule.ToLowerInvariant();
            int right = Array.FindIndex(Rights, words => words.Contains(lower));
            if (right >= 0) given.Add(right);
            else if (lower == "nopass") password = "";
            else if (rule.StartsWith('>') && password is null) password = rule[1..];
            else if (!Indifferent.Contains(lower))
                throw directive.Refused("Galley cannot honour a rule of the default user", NextStep);
        }
        if (password is null || given.Count < Rights.Length)
            throw directive.Refused("Galley cannot take rights from the default user", NextStep);
        settings.RequirePass = password;
    }
}
