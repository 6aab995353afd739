namespace Galley.Store.Configuration;

/// <summary>
/// Guesses what a mistyped name was meant to be, by the letters to be changed, where two letters that changed places count as one
/// change. One for each four letters is near. More would find some command for any short word.
/// </summary>
public static class NearestName
{
    /// <summary>The nearest of the names, or null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        int changesMax = Math.Max(1, name.Length / 4);
        string? nearest = names.MinBy(other => Distance(name, other));
        return nearest is not null && Distance(name, nearest) <= changesMax ? nearest : null;
    }

    /// <summary>Over rows of the table of distances between the beginnings of both, of which the last two are kept.</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = last[j - 1] + (IsSame(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(changed, 1 + Math.Min(row[j - 1], last[j]));
                bool areExchanged = i > 1 && j > 1 && IsSame(a[i - 1], b[j - 2]) && IsSame(a[i - 2], b[j - 1]);
                if (areExchanged) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, row);
        }
        return last[b.Length];
    }

    private static bool IsSame(char a, char b) => char.ToLowerInvariant(a) == b;
}
