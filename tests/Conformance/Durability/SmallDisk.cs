using System.Diagnostics;
using System.Globalization;

namespace Galley.Conformance.Durability;

/// <summary>A disk of a few mebibytes, in memory, that a test fills, or makes read-only. It takes the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _filler;
    private int _mounts;

    private SmallDisk(string path)
    {
        Path = path;
        _filler = System.IO.Path.Combine(path, "filler");
    }

    public string Path { get; }

    /// <summary>Makes one, or skips the test where this user may not mount.</summary>
    public static SmallDisk Make(int mebibytes)
    {
        string path = Directory.CreateTempSubdirectory("galley-disk-").FullName;
        var disk = new SmallDisk(path);
        if (disk.TryMount("-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m"), "tmpfs", path)) return disk;
        Directory.Delete(path);
        Assert.Skip("This user may not mount a small disk; root may.");
        return disk;
    }

    /// <summary>Leaves no room, to the last block.</summary>
    public void Fill()
    {
        var block = new byte[64 * 1024];
        try
        {
            using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free() => File.Delete(_filler);

    /// <summary>Lays a view over the folder in which nothing can be made, renamed or deleted; files that are open stay writable.</summary>
    public void MakeReadOnly()
    {
        Assert.True(TryMount("--bind", Path, Path) && Run("mount", "-o", "remount,bind,ro", Path), "The folder could not be made read-only.");
    }

    public void MakeWritable()
    {
        Assert.True(Run("umount", Path), "The folder could not be made writable again.");
        _mounts--;
    }

    public void Dispose()
    {
        // Lazily: a server that was killed a moment ago may hold it still.
        for (; _mounts > 0; _mounts--) Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private bool TryMount(params string[] arguments)
    {
        if (!Run("mount", arguments)) return false;
        _mounts++;
        return true;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
