using System.IO.Pipelines;

namespace Galley.Store.Commands;

/// <summary>The data of one moment, as an RDB file, on its way to one reader. Disposed, it is given up.</summary>
public interface ISnapshotStream : IDisposable
{
    /// <summary>The bytes of the file; they end with an exception where it could not be made whole.</summary>
    PipeReader Bytes { get; }

    /// <summary>So many bytes were read, and make room for others.</summary>
    void HasRead(long bytes);
}
