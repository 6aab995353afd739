using System.Diagnostics;
using System.Globalization;
using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>DEBUG: for tests and measurements, where <c>enable-debug-command</c> allows it.</summary>
internal static class DebugCommand
{
    private static readonly TimeSpan SleepSlice = TimeSpan.FromMilliseconds(5);

    [Command("DEBUG", "subcommand [argument ...]", Group.Server, Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale,
        Since = "1.0.0", Cost = "That of the subcommand", Summary = "Helps to test the server.")]
    public static void Run(Execution x)
    {
        int values = x.Args.Count - 2;
        if (!IsAllowed(x)) RefuseToClient(x);
        else if (values == 0 && x.Is(1, "HELP"u8)) Help(x);
        else if (values == 1 && x.Is(1, "SLEEP"u8)) Sleep(x);
        else if (values == 1 && x.Is(1, "OBJECT"u8)) DescribeObject(x);
        else if (values == 1 && x.Is(1, "SET-ACTIVE-EXPIRE"u8)) SetActiveExpire(x);
        else if (values is >= 1 and <= 3 && x.Is(1, "POPULATE"u8)) DebugPopulate.Run(x);
        else RefuseSubcommand(x);
    }

    private static bool IsAllowed(Execution x) => x.Server.Settings.EnableDebugCommand switch
    {
        Allowed.Yes => true,
        Allowed.Local => x.Session.Connection is { IsLocal: true },
        _ => false,
    };

    private static void RefuseToClient(Execution x) => x.Reply.Error(
        "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local "u8
        + "connection, otherwise you need to set this option in the configuration file, and then restart the server."u8);

    private static void RefuseSubcommand(Execution x) => x.Reply.Error(Errors.SubcommandSyntax("DEBUG", x.Args[1]));

    /// <summary>Holds the gate, and with it every client: that is what it is for. Whoever comes after a while hears BUSY.</summary>
    private static void Sleep(Execution x)
    {
        _ = double.TryParse(x.Args[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        TimeSpan whole = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue / 1000));
        long startedAt = Stopwatch.GetTimestamp();
        for (TimeSpan left = whole; left > TimeSpan.Zero; left = whole - Stopwatch.GetElapsedTime(startedAt))
        {
            Thread.Sleep(left < SleepSlice ? left : SleepSlice);
            if (!x.Server.Control.Yield(LongWork.Command)) break;
        }
        x.Reply.Ok();
    }

    private static void SetActiveExpire(Execution x)
    {
        _ = int.TryParse(x.Args[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value);
        x.Server.ExpiresActively = value != 0;
        x.Reply.Ok();
    }

    private static void DescribeObject(Execution x)
    {
        Key key = x.Peek(2);
        if (!key.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        x.Reply.Simple(Encoding.ASCII.GetBytes(
            $"Value at:0x{key.Address:x12} refcount:1 encoding:{key.EncodingName} serializedlength:{key.String.Length + 1} "
            + $"lru:{key.UseClock} lru_seconds_idle:{key.IdleSeconds}"));
    }

    private static void Help(Execution x) => HelpReply.Write(x.Reply, "DEBUG", """
        OBJECT <key>
            Show low level info about `key` and associated value.
        POPULATE <count> [<prefix>] [<size>]
            Create <count> string keys named key:<num>. If <prefix> is specified then
            it is used instead of the 'key' prefix. These are not propagated to
            replicas.
        SET-ACTIVE-EXPIRE <0|1>
            Setting it to 0 disables expiring keys in background when they are not
            accessed (otherwise the Redis behavior). Setting it to 1 reenables back the
            default.
        SLEEP <seconds>
            Stop the server for <seconds>. Decimals allowed.
        """);
}
