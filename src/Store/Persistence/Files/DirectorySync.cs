using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Galley.Store.Persistence.Files;

/// <summary>
/// fsync of a folder, and hard links, which .NET has no calls for: without the former a file that was created or renamed can be gone after a
/// power cut, however often the file itself was flushed. And fsync of a file that tells every failure. One of the three audited
/// files that call libc.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;
    private const int Interrupted = 4;

    public static void Sync(string folder)
    {
        // Windows writes its directories through, and has no such call.
        if (OperatingSystem.IsWindows()) return;

        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw Failure(folder);
        try
        {
            if (Fsync(descriptor) < 0) throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Stores what was written to a file. .NET's own call takes a file system that has become read-only for a success: that is
    /// what ext4 answers once its journal has failed, and what was written is lost.
    /// </summary>
    public static void SyncFile(SafeFileHandle file)
    {
        // Only Linux answers so; macOS needs another call than fsync, which .NET makes.
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        while (FsyncFile(file) < 0)
            if (Marshal.GetLastPInvokeError() != Interrupted) throw Failure("a file that was written");
    }

    /// <summary>Gives a file a second name, which must be free.</summary>
    public static void Link(string from, string to)
    {
        // Windows has another call for it; a copy is as good, if slower.
        if (OperatingSystem.IsWindows()) File.Copy(from, to);
        else if (LinkTo(from, to) < 0) throw Failure(to);
    }

    private static IOException Failure(string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkTo(string from, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
