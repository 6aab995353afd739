namespace Galley.Resp.Protocol;

/// <summary>
/// What one client may ask of the protocol. One object for a server: a configuration parameter that changes takes
/// effect at the next read. Defaults are redis-server's.
/// </summary>
public sealed class RespLimits
{
    /// <summary>
    /// Arguments of one command; more is a protocol error. As in redis-server 7.0 this is what an int holds; what
    /// bounds memory is <see cref="QueryBufferBytesMax"/>, since nothing is set aside for arguments before they come.
    /// </summary>
    public const int ArgumentsMax = int.MaxValue;

    /// <summary>Bytes of one inline command, and of the length line of a multibulk or bulk.</summary>
    public const int InlineBytesMax = 64 * 1024;

    /// <summary>Arguments of one command before authentication.</summary>
    public const int UnauthenticatedArgumentsMax = 10;

    /// <summary>Bytes of one argument before authentication.</summary>
    public const int UnauthenticatedBulkBytesMax = 16 * 1024;

    /// <summary>Bytes of replies that may wait for a client before authentication; who reads none is cut off.</summary>
    public const int UnauthenticatedOutputBytesMax = 256 * 1024;

    /// <summary><c>proto-max-bulk-len</c>: bytes of one argument.</summary>
    public long BulkBytesMax { get; set; } = 512L * 1024 * 1024;

    /// <summary><c>client-query-buffer-limit</c>: bytes received from one client and not yet run.</summary>
    public long QueryBufferBytesMax { get; set; } = 1024L * 1024 * 1024;
}
