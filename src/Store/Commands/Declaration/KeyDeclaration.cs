namespace Galley.Store.Commands;

/// <summary>
/// What the attribute's <c>Keys</c> says of one key specification, one after the other with semicolons between:
/// <code>
/// RW ACCESS UPDATE VARIABLE_FLAGS, OW UPDATE without GET -- RW and ACCESS due to the optional `GET` argument
/// RW ACCESS DELETE INCOMPLETE from -2
/// </code>
/// First how the key is used; after a comma how, where none of these tokens is given; <c>from</c> another argument than
/// the grammar says; <c>UNKNOWN</c> for keys that the grammar does not name either; <c>ANYWHERE</c> for one whose token
/// may stand anywhere among the options; <c>LAST</c> for one whose token may come again, and then counts; after two dashes a note for the reader.
/// </summary>
internal sealed record KeyDeclaration(KeyAccess Access)
{
    public KeyAccess AccessWithoutTokens { get; private init; }

    public string[] VariableTokens { get; private init; } = [];

    public int? From { get; private init; }

    /// <summary>Unknown, or among the options; null for what the grammar says.</summary>
    public KeySearch? Search { get; private init; }

    public string Note { get; private init; } = "";

    public static KeyDeclaration[] Parse(string text) =>
        text.Length == 0 ? [] : Array.ConvertAll(text.Split(';'), ParseOne);

    private static KeyDeclaration ParseOne(string text)
    {
        int dashes = text.IndexOf(" -- ", StringComparison.Ordinal);
        string note = dashes < 0 ? "" : text[(dashes + 4)..].Trim();
        string[] clauses = (dashes < 0 ? text : text[..dashes]).Split(',');
        string[] words = clauses[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int from = Array.IndexOf(words, "from");
        int length = from < 0 ? words.Length : from;
        KeySearch? search = words[length - 1] switch
        {
            "UNKNOWN" => KeySearch.Unknown,
            "ANYWHERE" => KeySearch.Options,
            "LAST" => KeySearch.LastOption,
            _ => null,
        };
        var declaration = new KeyDeclaration(AccessOf(words.AsSpan(0, search is null ? length : length - 1)))
        {
            From = from < 0 ? null : int.Parse(words[from + 1]),
            Search = search,
            Note = note,
        };
        if (clauses.Length == 1) return declaration;

        string[] otherwise = clauses[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int without = Array.IndexOf(otherwise, "without");
        if (without < 0) throw new DeclarationException($"The keys '{text}' lack the word 'without' after the comma.");
        return declaration with
        {
            AccessWithoutTokens = AccessOf(otherwise.AsSpan(0, without)),
            VariableTokens = otherwise[(without + 1)..],
        };
    }

    private static KeyAccess AccessOf(ReadOnlySpan<string> words)
    {
        KeyAccess access = KeyAccess.None;
        foreach (string word in words)
            access |= word switch
            {
                "RO" => KeyAccess.RO,
                "RW" => KeyAccess.RW,
                "OW" => KeyAccess.OW,
                "RM" => KeyAccess.RM,
                "ACCESS" => KeyAccess.Access,
                "UPDATE" => KeyAccess.Update,
                "INSERT" => KeyAccess.Insert,
                "DELETE" => KeyAccess.Delete,
                "NOT_KEY" => KeyAccess.NotKey,
                "INCOMPLETE" => KeyAccess.Incomplete,
                "VARIABLE_FLAGS" => KeyAccess.VariableFlags,
                _ => throw new DeclarationException($"'{word}' says nothing about a key."),
            };
        return access;
    }
}
