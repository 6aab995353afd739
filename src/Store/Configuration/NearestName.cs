namespace Galley.Store.Configuration;

/// <summary>Guesses what a mistyped name was meant to be, by the letters to be changed (Levenshtein's distance).</summary>
public static class NearestName
{
    /// <summary>The nearest of the names, or null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        int changesMax = Math.Max(2, name.Length / 4);
        string? nearest = names.MinBy(other => Distance(name, other));
        return nearest is not null && Distance(name, nearest) <= changesMax ? nearest : null;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
