using Galley.Store.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Files;

public sealed class SystemFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("galley").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_written_is_read_cut_renamed_listed_and_deleted()
    {
        SystemFiles files = SystemFiles.Instance;
        using (IFile file = files.Create(PathOf("a")))
        {
            file.Write("hello"u8, 0);
            file.Write("p!"u8, 3);
            file.Truncate(4);
            file.Flush();
            Assert.Equal(4, file.Length);
        }
        files.Create(PathOf("b")).Dispose();
        files.Rename(PathOf("a"), PathOf("b"));
        files.SyncFolder(_directory);

        Assert.Equal(["b"], files.List(_directory));
        var read = new byte[10];
        using (IFile file = files.OpenRead(PathOf("b"))) Assert.Equal((2, 0), (file.Read(read, 2), file.Read(read, 4)));
        Assert.Equal("lp"u8, read.AsSpan(0, 2));
        files.Delete(PathOf("b"));
        Assert.False(files.Exists(PathOf("b")));
    }

    [Fact]
    public void Refusals_are_failures_in_the_words_of_strerror()
    {
        SystemFiles files = SystemFiles.Instance;
        Assert.Equal("No such file or directory", FileErrors.Reason(Assert.Throws<IOException>(() => files.SyncFolder(PathOf("none")))));
        Assert.ThrowsAny<IOException>(() => files.OpenRead(PathOf("none")));
        Assert.ThrowsAny<IOException>(() => files.OpenRead(_directory));
        Assert.ThrowsAny<IOException>(() => files.Create(PathOf("none/a")));
    }

    [Fact]
    public void A_full_disk_is_told_as_redis_server_tells_it()
    {
        if (!File.Exists("/dev/full")) Assert.Skip("This system has no /dev/full");
        using IFile full = SystemFiles.Instance.OpenWrite("/dev/full");

        Assert.Equal("No space left on device", FileErrors.Reason(Assert.ThrowsAny<IOException>(() => full.Write("x"u8, 0))));
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>Of a device that keeps nothing; .NET's own call is silent then, and on a file system that has become read-only.</summary>
    [Fact]
    public void A_flush_that_the_system_refuses_is_told()
    {
        if (!OperatingSystem.IsLinux()) return;
        using IFile device = SystemFiles.Instance.OpenWrite("/dev/null");
        Assert.Equal("Invalid argument", FileErrors.Reason(Assert.Throws<IOException>(device.Flush)));
    }
}
