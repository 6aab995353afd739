namespace Galley.Store.Configuration;

/// <summary>
/// Lines of redis.conf that set no parameter: <c>rename-command</c>, <c>user</c>, <c>loadmodule</c>, <c>sentinel</c>, and
/// those that redis-server 7 still reads and no longer follows. CONFIG REWRITE leaves them as they stand.
/// </summary>
internal static class SpecialDirectives
{
    private const string Malformed = "Bad directive or wrong number of arguments";

    private static readonly string[] Retired = ["list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands"];

    /// <summary>The names that may stand in a file beside those of parameters, <c>include</c> among them.</summary>
    public static bool IsKept(string name) => name is "include" or "rename-command" or "user" or "loadmodule" or "sentinel";

    /// <summary>Follows the directive, or refuses it; false for one that is of no concern here.</summary>
    /// <exception cref="ConfigurationException">It cannot be followed.</exception>
    public static bool TryApply(Directive directive, Settings settings)
    {
        switch (directive.Name)
        {
            case "rename-command":
                Demand(directive, directive.Words.Count == 2, "Name a command and its new name; \"\" takes it away.");
                settings.RenamedCommands.Add(directive);
                return true;
            case "user":
                Demand(directive, directive.Words.Count >= 2, "It is: user default on >password ~* &* +@all");
                DefaultUser.Apply(directive, settings);
                return true;
            case "loadmodule":
                Demand(directive, directive.Words.Count >= 1, "Remove the line: Galley loads no modules.");
                throw directive.Refused("Galley loads no modules", "Remove the line.");
            case "sentinel":
                if (directive.Words.Count == 0) return true;
                throw directive.Refused("sentinel directive while not in sentinel mode", "Remove the line: Galley is no Sentinel.");
            default:
                return directive.Words.Count == 1 && Retired.Contains(directive.Name);
        }
    }

    private static void Demand(Directive directive, bool isWellFormed, string nextStep)
    {
        if (!isWellFormed) throw directive.Refused(Malformed, nextStep);
    }
}
