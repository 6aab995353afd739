using System.Text;

namespace Galley.Store.Commands;

/// <summary>LOLWUT: a small piece of art, new at every call, and the version.</summary>
internal static class LolwutCommand
{
    private const long ColumnsDefault = 66;
    private const long ColumnsMax = 1000;
    private const long RowsDefault = 16;
    private const long RowsMax = 500;

    private const string Title = "A galley at night, drawn by a sum of waves.";

    [Command("LOLWUT", "[VERSION version:integer]", Group.Server, Flags.ReadOnly | Flags.Fast, Since = "5.0.0",
        Cost = "O(N) in the characters drawn", Arity = -1, Summary = "Draws a small piece of art, and tells the version.")]
    public static void Run(Execution x)
    {
        bool isVersioned = x.Args.Count >= 3 && x.Is(1, "VERSION"u8);
        long version = 0;
        if (isVersioned && !x.TryInteger(2, out version)) return;
        if (isVersioned && version is not (5 or 6))
        {
            Reply(x, "");
            return;
        }
        // Versions 5 and 6 of Redis take the size of their drawing here, and so does this one.
        if (!TryReadSize(x, isVersioned ? 3 : int.MaxValue, ColumnsDefault, ColumnsMax, out int columns)) return;
        if (!TryReadSize(x, isVersioned ? 4 : int.MaxValue, RowsDefault, RowsMax, out int rows)) return;
        Reply(x, NightAtSea.Draw(columns, rows, Random.Shared) + $"\n{Title} ");
    }

    private static bool TryReadSize(Execution x, int argument, long otherwise, long max, out int size)
    {
        long value = otherwise;
        bool isRead = argument >= x.Args.Count || x.TryInteger(argument, out value);
        size = (int)Math.Clamp(value, 1, max);
        return isRead;
    }

    private static void Reply(Execution x, string art) =>
        x.Reply.Verbatim(Encoding.UTF8.GetBytes($"{art}Redis ver. {ServerVersion.Redis}\n"));
}
