using System.Globalization;
using System.Text;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Which database is selected at an offset of the log. Every file of the set is loaded with database 0 selected at its
/// start, so a file that begins in the middle of the log has to select again; and it can begin behind "accepted", where
/// a flush failed. Kept: one entry for each batch that selects, until the log is durable past it.
///
/// Looking for SELECT is one vectorised search of the batch; only a hit is parsed, because a value may hold those
/// bytes.
/// </summary>
internal sealed class SelectedDatabases
{
    private readonly Lock _lock = new();
    private readonly Queue<(long EndOffset, int Database)> _changes = new();
    private int _database = -1;

    /// <summary>The bytes that a SELECT of the effect log begins with.</summary>
    private static ReadOnlySpan<byte> Select => "*2\r\n$6\r\nSELECT\r\n$"u8;

    public void Note(ReadOnlySpan<byte> commands, long endOffset)
    {
        if (commands.IndexOf(Select) < 0) return;
        int database = LastSelected(commands);
        if (database < 0) return;
        lock (_lock) _changes.Enqueue((endOffset, database));
    }

    /// <summary>The database at an offset that ends a batch, or -1 if none was ever selected.</summary>
    public int At(long offset)
    {
        lock (_lock)
        {
            int database = _database;
            foreach ((long endOffset, int selected) in _changes)
            {
                if (endOffset > offset) break;
                database = selected;
            }
            return database;
        }
    }

    /// <summary>Nobody will ask for an offset before this one.</summary>
    public void Forget(long offset)
    {
        lock (_lock)
        {
            while (_changes.TryPeek(out (long EndOffset, int Database) change) && change.EndOffset <= offset)
            {
                _database = change.Database;
                _changes.Dequeue();
            }
        }
    }

    /// <summary>The command that selects a database; nothing for -1.</summary>
    public static byte[] Command(int database)
    {
        if (database < 0) return [];
        string digits = database.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"*2\r\n$6\r\nSELECT\r\n${(char)('0' + digits.Length)}\r\n{digits}\r\n");
    }

    private static int LastSelected(ReadOnlySpan<byte> commands)
    {
        int database = -1;
        while (!commands.IsEmpty)
        {
            bool selects = commands.StartsWith(Select);
            int words = ReadNumber(ref commands);
            for (int i = 0; i < words; i++)
            {
                int length = ReadNumber(ref commands);
                if (selects && i == 1) database = ParseNumber(commands[..length]);
                commands = commands[(length + 2)..];
            }
        }
        return database;
    }

    /// <summary>The number of a line such as *3 or $6; the engine wrote it, so it is there.</summary>
    private static int ReadNumber(ref ReadOnlySpan<byte> commands)
    {
        int end = commands.IndexOf((byte)'\r');
        int number = ParseNumber(commands[1..end]);
        commands = commands[(end + 2)..];
        return number;
    }

    private static int ParseNumber(ReadOnlySpan<byte> digits) =>
        int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
