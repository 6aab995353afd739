using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <content>How a set is opened, or begun.</content>
public sealed partial class AppendOnlyFile
{
    /// <summary>
    /// Opens the set for appending, after <see cref="AofLoader"/> has read it, and makes a new one where there is none.
    /// The log goes on at the offset given; its first command selects a database, unless it means database 0.
    /// </summary>
    public static AppendOnlyFile Open(AofOptions options, long startOffset = 0)
    {
        AppendOnlyFile log = OpenWithoutThread(options, startOffset);
        log._flusher.Start();
        return log;
    }

    /// <summary>
    /// Begins a new set for data that is in memory already, as CONFIG SET appendonly does. A rewrite has to follow: until
    /// it ends (<see cref="AwaitsBase"/>), a restart finds what the folder held before.
    /// </summary>
    public static AppendOnlyFile OpenAnew(AofOptions options, long startOffset)
    {
        AppendOnlyFile log = OpenAnewWithoutThread(options, startOffset);
        log._flusher.Start();
        return log;
    }

    /// <summary>For tests that decide themselves when the flusher runs.</summary>
    internal static AppendOnlyFile OpenWithoutThread(AofOptions options, long startOffset = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Opened(options, () =>
        {
            AofFolder folder = AofFolder.Open(options);
            folder.DeleteHistory();
            return new AppendOnlyFile(options, folder, OpenLast(options, folder), startOffset);
        });
    }

    internal static AppendOnlyFile OpenAnewWithoutThread(AofOptions options, long startOffset)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Opened(options, () =>
        {
            AofFolder folder = AofFolder.OpenAnew(options);
            return new AppendOnlyFile(options, folder, CreateFirst(options, folder), startOffset);
        });
    }

    private static AppendOnlyFile Opened(AofOptions options, Func<AppendOnlyFile> open)
    {
        try
        {
            return open();
        }
        catch (IOException failure)
        {
            throw new PersistenceException($"Can't open or create append-only dir {options.FolderName}: {FileErrors.Reason(failure)}\n"
                + $"Let this user write {options.Directory}, or name another 'dir'.", failure);
        }
    }

    private static IFile OpenLast(AofOptions options, AofFolder folder)
    {
        AofManifest manifest = folder.Manifest;
        // An increment that ended for good takes nothing more.
        AofFile? last = manifest.Increments.IsEmpty ? null : manifest.Increments[^1];
        if (last is null || last.Length is not null) return CreateFirst(options, folder);

        options.Log($"Opening AOF incr file {last.Name} on server start");
        IFile file = options.Files.OpenWrite(folder.PathOf(last));
        // What was loaded may be in the kernel's hands only, after a kill: it is built upon from here on.
        file.Flush();
        return file;
    }

    private static IFile CreateFirst(AofOptions options, AofFolder folder)
    {
        AofFile first = folder.NextIncrement();
        options.Log($"Creating AOF incr file {first.Name}");
        IFile file = folder.Create(first);
        file.Flush();
        folder.SyncNames();
        folder.Publish(manifest => manifest.Append(first));
        folder.Settle();
        return file;
    }
}
