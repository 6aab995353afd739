namespace Galley.Store.Commands;

/// <summary>How long a string value may become: <c>proto-max-bulk-len</c>, and what one array of .NET can hold.</summary>
internal static class StringLength
{
    /// <summary>The longest value in bytes. What the log holds was allowed once, even if less is allowed today.</summary>
    public static long Max(Execution x) =>
        x.Server.IsLoading ? Array.MaxLength : Math.Min(x.Server.Settings.ProtoMaxBulkBytes, Array.MaxLength);

    /// <summary>Adds two lengths, or replies that the sum is too long.</summary>
    public static bool TryAdd(Execution x, long length, long more, out int sum)
    {
        long max = Max(x);
        bool fits = length <= max - more;
        sum = fits ? (int)(length + more) : 0;
        if (!fits) x.Reply.Error(Errors.StringTooLong);
        return fits;
    }
}
