namespace Galley.Store.Persistence.Files;

/// <summary>
/// The calls that persistence makes to a file system, and no more. What each of them leaves behind after a power cut
/// is the reason that this interface exists: tests put a disk behind it that forgets.
///
///   Write, Truncate     last once Flush of the same file has returned
///   Create, Rename, Link, Delete   last once SyncFolder of their folder has returned
///
/// Every failure is an <see cref="IOException"/>; <see cref="FileErrors.Reason"/> words it as redis-server would.
/// </summary>
public interface IFiles
{
    /// <summary>A new, empty file; whatever has the name already loses its content.</summary>
    IFile Create(string path);

    /// <summary>A file that is there, to be read and written.</summary>
    IFile OpenWrite(string path);

    IFile OpenRead(string path);

    bool Exists(string path);

    bool FolderExists(string path);

    /// <summary>Makes a folder in one that is there; nothing happens if it exists.</summary>
    void CreateFolder(string path);

    /// <summary>The names of the files in a folder, without the folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Gives a file another name in one step; a file that had the name is gone.</summary>
    void Rename(string from, string to);

    /// <summary>Gives a file a second name, which must be free; until both are gone its content stays.</summary>
    void Link(string from, string to);

    void Delete(string path);

    /// <summary>Makes the names in a folder last: what was created, renamed and deleted there.</summary>
    void SyncFolder(string path);
}

/// <summary>An open file. Offsets are explicit: a write that failed half-way is simply written over.</summary>
public interface IFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads up to the length of the buffer; 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of it, or throws and leaves any part of it behind.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    void Truncate(long length);

    /// <summary>
    /// Returns when the content is on the disk. When it throws, nobody knows what is: do not ask again.
    /// </summary>
    void Flush();
}
