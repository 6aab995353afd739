namespace Galley.Store.Commands;

/// <summary>Error replies, in redis-server's words to the letter.</summary>
public static class Errors
{
    public static ReadOnlySpan<byte> WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value"u8;
    public static ReadOnlySpan<byte> Syntax => "ERR syntax error"u8;
    public static ReadOnlySpan<byte> NotInteger => "ERR value is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> NotFloat => "ERR value is not a valid float"u8;
    public static ReadOnlySpan<byte> NoSuchKey => "ERR no such key"u8;
    public static ReadOnlySpan<byte> SameObject => "ERR source and destination objects are the same"u8;
    public static ReadOnlySpan<byte> IndexOutOfRange => "ERR index out of range"u8;
    public static ReadOnlySpan<byte> DatabaseOutOfRange => "ERR DB index is out of range"u8;
    public static ReadOnlySpan<byte> Overflow => "ERR increment or decrement would overflow"u8;
    public static ReadOnlySpan<byte> NotFinite => "ERR increment would produce NaN or Infinity"u8;
    public static ReadOnlySpan<byte> StringTooLong => "ERR string exceeds maximum allowed size (proto-max-bulk-len)"u8;
    public static ReadOnlySpan<byte> OffsetOutOfRange => "ERR offset is out of range"u8;
    public static ReadOnlySpan<byte> InvalidCursor => "ERR invalid cursor"u8;
    public static ReadOnlySpan<byte> MustBePositive => "ERR value is out of range, must be positive"u8;
    public static ReadOnlySpan<byte> NumKeys => "ERR numkeys should be greater than 0"u8;
    public static ReadOnlySpan<byte> CountFromOne => "ERR count should be greater than 0"u8;
    public static ReadOnlySpan<byte> OutOfRange => "ERR value is out of range"u8;
    public static ReadOnlySpan<byte> ScoreNotANumber => "ERR resulting score is not a number (NaN)"u8;
    public static ReadOnlySpan<byte> MinOrMaxNotFloat => "ERR min or max is not a float"u8;
    public static ReadOnlySpan<byte> MinOrMaxNotMember => "ERR min or max not valid string range item"u8;
    public static ReadOnlySpan<byte> Busy => "BUSYKEY Target key name already exists."u8;
    public static ReadOnlySpan<byte> OutOfMemory => "OOM command not allowed when used memory > 'maxmemory'."u8;
    public static ReadOnlySpan<byte> NoAuth => "NOAUTH Authentication required."u8;
    public static ReadOnlySpan<byte> NoChannel => "NOPERM this user has no permissions to access one of the channels used as arguments"u8;
    public static ReadOnlySpan<byte> WrongPassword => "WRONGPASS invalid username-password pair or user is disabled."u8;
    public static ReadOnlySpan<byte> ExecAborted => "EXECABORT Transaction discarded because of previous errors."u8;
    public static ReadOnlySpan<byte> Loading => "LOADING Redis is loading the dataset in memory"u8;

    /// <summary>For whoever comes while something takes very long.</summary>
    public static ReadOnlySpan<byte> BusyWith(LongWork work) => work switch
    {
        LongWork.Script => "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."u8,
        LongWork.Function => "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE."u8,
        _ => "BUSY Redis is busy running a command. You can only call SHUTDOWN NOSAVE."u8,
    };

    /// <summary>For a client that is not on this machine while no password is set and protected-mode is on.</summary>
    public static string ProtectedMode =>
        "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the "
        + "default user. In this mode connections are only accepted from the loopback interface. If you want to connect "
        + "from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode "
        + "sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the "
        + "same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. "
        + "Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by "
        + "editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the "
        + "server. 3) If you started the server manually just for testing, restart it with the '--protected-mode no' "
        + "option. 4) Setup a an authentication password for the default user. NOTE: You only need to do one of the above "
        + "things in order for the server to start accepting connections from the outside.";

    public static string InvalidExpire(string command) => $"ERR invalid expire time in '{command}' command";

    /// <summary>A subcommand that is known, with words that it does not take.</summary>
    public static string SubcommandSyntax(string container, ReadOnlySpan<byte> subcommand) =>
        $"ERR unknown subcommand or wrong number of arguments for '{PrintedText.Of(subcommand)}'. Try {container} HELP.";

    public static string WrongArity(string command) => $"ERR wrong number of arguments for '{command}' command";
}
