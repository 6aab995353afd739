namespace Galley.Store.Configuration;

/// <summary><c>proc-title-template</c>: text with variables in braces; <c>{{</c> is a brace.</summary>
internal static class TitleTemplate
{
    private static readonly string[] Variables =
        ["title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket", "config-file"];

    public static bool IsValid(string template)
    {
        if (string.IsNullOrWhiteSpace(template)) return false;
        ReadOnlySpan<char> rest = template;
        for (int brace; (brace = rest.IndexOf('{')) >= 0;)
        {
            rest = rest[(brace + 1)..];
            if (rest is ['{', ..])
            {
                rest = rest[1..];
                continue;
            }
            int end = rest.IndexOf('}');
            if (end < 0 || !Variables.Contains(rest[..end].ToString())) return false;
            rest = rest[(end + 1)..];
        }
        return true;
    }
}
