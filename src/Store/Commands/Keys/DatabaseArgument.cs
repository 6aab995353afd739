namespace Galley.Store.Commands;

/// <summary>The number of a database among the arguments of a command.</summary>
internal static class DatabaseArgument
{
    /// <summary>Reads it, or replies why it is none.</summary>
    public static bool TryRead(Execution x, int argument, out int database)
    {
        database = 0;
        if (!x.TryInteger(argument, out long number)) return false;
        if (number is < int.MinValue or > int.MaxValue)
        {
            x.Reply.Error("ERR value is out of range, value must between -2147483648 and 2147483647"u8);
            return false;
        }
        return TryFind(x, number, out database);
    }

    /// <summary>There is such a database, or the reply says that there is not.</summary>
    public static bool TryFind(Execution x, long number, out int database)
    {
        bool exists = number >= 0 && number < x.Server.Databases.Count;
        database = exists ? (int)number : 0;
        if (!exists) x.Reply.Error(Errors.DatabaseOutOfRange);
        return exists;
    }
}
