using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Api.WebSockets;

/// <summary>
/// Which commands a cmd frame may have. A socket has a session of its own, so that SELECT, CLIENT and WATCH mean
/// something here; what would change the form of its replies, or what frames do better, is refused.
/// </summary>
internal static class SocketCommands
{
    private static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["SUBSCRIBE"] = "send a subscribe frame",
        ["SSUBSCRIBE"] = "send an ssubscribe frame",
        ["PSUBSCRIBE"] = "send a psubscribe frame",
        ["UNSUBSCRIBE"] = "send an unsubscribe frame",
        ["PUNSUBSCRIBE"] = "send an unsubscribe frame",
        ["SUNSUBSCRIBE"] = "send a sunsubscribe frame",
        ["MULTI"] = "send a batch with \"atomic\":true",
        ["EXEC"] = "send a batch with \"atomic\":true",
        ["DISCARD"] = "send a batch with \"atomic\":true",
        ["AUTH"] = "send an auth frame",
        ["HELLO"] = "the protocol of a WebSocket is its own",
        ["RESET"] = "open another WebSocket",
        ["QUIT"] = "close the WebSocket",
        ["MONITOR"] = "use RESP",
        ["WAIT"] = "use RESP",
        ["WAITAOF"] = "use RESP",
        ["SYNC"] = "use RESP",
        ["PSYNC"] = "use RESP",
        ["REPLCONF"] = "use RESP",
        ["ASKING"] = "use RESP",
        ["READONLY"] = "use RESP",
        ["READWRITE"] = "use RESP",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private const int NameBytesMax = 16;

    /// <summary>Reads the commands of a cmd frame.</summary>
    /// <exception cref="RestException">They are no commands.</exception>
    public static void Read(ClientFrame frame, CommandBatch batch)
    {
        var json = new ReadOnlySequence<byte>((frame.Args ?? frame.Batch)!.Value);
        if (frame.Args is not null) JsonArguments.ReadCommand(in json, batch);
        else JsonArguments.ReadCommands(in json, batch);
        if (batch.Count > SocketLimits.BatchMax) throw RestException.BadRequest($"ERR a frame has {SocketLimits.BatchMax} commands at most");
    }

    /// <summary>The first refusal of a batch, or null.</summary>
    public static string? Refusal(CommandBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Arguments command = batch[i];
            if (Refusal(in command) is { } unavailable) return unavailable;
        }
        return null;
    }

    /// <summary>The command may wait for something to happen.</summary>
    public static bool Blocks(in Arguments command) =>
        CommandTable.Shared.TryFind(in command, out CommandInfo? found) && found!.Has(Flags.Blocking)
        && (found.Name is not ("XREAD" or "XREADGROUP") || HasBlock(in command));

    /// <summary>A reader of streams is told to wait; a group, a consumer or a stream may have the name of the option.</summary>
    private static bool HasBlock(in Arguments command)
    {
        for (int i = 1; i < command.Count && !Ascii.EqualsIgnoreCase(command[i], "STREAMS"u8); i++)
        {
            if (Ascii.EqualsIgnoreCase(command[i], "BLOCK"u8)) return true;
            if (Ascii.EqualsIgnoreCase(command[i], "GROUP"u8)) i += 2;
        }
        return false;
    }

    private static string? Refusal(in Arguments command)
    {
        ReadOnlySpan<byte> bytes = command[0];
        if (bytes.Length > NameBytesMax) return null;
        string name = Encoding.Latin1.GetString(bytes);
        if (Refused.TryGetValue(name, out string? remedy)) return $"ERR Command is not available: '{name}'. On a WebSocket, {remedy}";
        bool changesReplies = command.Count > 1 && name.Equals("CLIENT", StringComparison.OrdinalIgnoreCase)
            && (Ascii.EqualsIgnoreCase(command[1], "REPLY"u8) || Ascii.EqualsIgnoreCase(command[1], "TRACKING"u8));
        return changesReplies ? "ERR Command is not available: 'CLIENT REPLY' and 'CLIENT TRACKING'. On a WebSocket, every frame is answered" : null;
    }
}
