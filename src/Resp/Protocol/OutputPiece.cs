namespace Galley.Resp.Protocol;

/// <summary>
/// A run of bytes on its way to a client. Pieces of one chunk follow each other, and only the last of them gives the
/// chunk back; a shared piece disposes its owner.
/// </summary>
internal struct OutputPiece
{
    public ReadOnlyMemory<byte> Bytes;

    /// <summary>A chunk for the pool, the owner of shared bytes, or null.</summary>
    public object? Release;

    /// <summary>May be sent when the application has released this ticket.</summary>
    public long Ticket;

    /// <summary>The bytes lie outside the output's own chunks.</summary>
    public bool IsShared;

    /// <summary>The piece was sent or dropped: what it borrowed goes back.</summary>
    public void Free()
    {
        if (Release is byte[] chunk) OutputChunks.Return(chunk);
        else (Release as IDisposable)?.Dispose();
        this = default;
    }
}
