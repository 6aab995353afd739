namespace Galley.Resp.Transport;

/// <summary>An address could not be listened at.</summary>
public sealed class ListenException : IOException
{
    internal ListenException(string where, string reason, bool isMissing = false, Exception? cause = null)
        : base($"Could not create server listening socket {where}: {reason}", cause)
    {
        Where = where;
        Reason = reason;
        IsMissing = isMissing;
    }

    /// <summary>The address with its port, or the path.</summary>
    public string Where { get; }

    /// <summary>Such as <c>bind: Address already in use</c>.</summary>
    public string Reason { get; }

    /// <summary>This machine does not have the address, or the protocol; an optional address is then left out.</summary>
    public bool IsMissing { get; }
}
