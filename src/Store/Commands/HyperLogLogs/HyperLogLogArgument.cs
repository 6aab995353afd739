using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.HyperLogLogs;

/// <summary>What the commands on HyperLogLogs ask of their keys.</summary>
internal static class HyperLogLogArgument
{
    public static ReadOnlySpan<byte> Corrupt => "INVALIDOBJ Corrupted HLL object detected"u8;

    /// <summary>Opens a key that holds a HyperLogLog or is absent, or replies that it holds something else.</summary>
    public static bool TryRead(Execution x, int argument, out Key key)
    {
        key = x.Read(argument);
        return IsHyperLogLog(x, in key);
    }

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, int argument, out Key key)
    {
        key = x.Write(argument);
        return IsHyperLogLog(x, in key);
    }

    private static bool IsHyperLogLog(Execution x, in Key key)
    {
        if (!key.Exists) return true;
        if (key.Type == KeyType.String && HyperLogLog.IsValid(key.String)) return true;
        x.Reply.Error(key.Type == KeyType.String ? "WRONGTYPE Key is not a valid HyperLogLog string value."u8 : Errors.WrongType);
        return false;
    }
}
