using System.Runtime.InteropServices;

namespace Galley.Store.Persistence.Files;

/// <summary>
/// fsync of a folder, and hard links, which .NET has no calls for: without the former a file that was created or renamed can be gone after a
/// power cut, however often the file itself was flushed. One of the three audited files that call libc.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

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

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
