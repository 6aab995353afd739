using Galley.Store.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Files;

/// <summary>Opens files that swallow what is written, so that only the caller's own allocations are counted.</summary>
internal sealed class SinkFiles(SimulatedFiles names) : IFiles
{
    public IFile Create(string path) => names.Create(path) is var file && path.Contains(".incr.", StringComparison.Ordinal) ? new Sink() : file;

    public IFile OpenWrite(string path) => names.OpenWrite(path);

    public IFile OpenRead(string path) => names.OpenRead(path);

    public bool Exists(string path) => names.Exists(path);

    public bool FolderExists(string path) => names.FolderExists(path);

    public void CreateFolder(string path) => names.CreateFolder(path);

    public IReadOnlyList<string> List(string folder) => names.List(folder);

    public void Rename(string from, string to) => names.Rename(from, to);

    public void Link(string from, string to) => names.Link(from, to);

    public void Delete(string path) => names.Delete(path);

    public void SyncFolder(string path) => names.SyncFolder(path);

    private sealed class Sink : IFile
    {
        public long Length { get; private set; }

        public int Read(Span<byte> buffer, long offset) => 0;

        public void Write(ReadOnlySpan<byte> bytes, long offset) => Length = offset + bytes.Length;

        public void Truncate(long length) => Length = length;

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
