namespace Galley.Resp.Transport;

/// <summary>An address could not be listened at.</summary>
public sealed class ListenException : IOException
{
    internal ListenException(string where, string call, string why, bool isMissing, Exception? cause = null)
        : base($"Could not create server listening socket {where}: {call}: {why}", cause)
    {
        IsMissing = isMissing;
    }

    /// <summary>This machine does not have the address, or the protocol; an optional address is then left out.</summary>
    public bool IsMissing { get; }
}
