using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Moving in: there is a snapshot, and no append-only file. A copy of the snapshot becomes the base of a new set, so that
/// nothing is lost (redis-server would start empty). The manifest that names it is written first, then it is put into the
/// folder: a stop between the two is seen and mended, as with <see cref="SingleFile"/>.
/// </summary>
internal static class SnapshotBase
{
    private const int CopyBytes = 1 << 20;

    /// <summary>The snapshot is to become the base.</summary>
    public static bool IsWaiting(AofOptions options, string snapshotName)
    {
        if (snapshotName.Length == 0 || !options.Files.Exists(PathBeside(options, snapshotName)) || SingleFile.Exists(options)) return false;
        return AofFolder.ReadManifest(options) is not { } manifest
            || (manifest.Increments.IsEmpty && manifest.Base is { } first && !HasData(options, first));
    }

    /// <summary>
    /// A base that nothing was ever added to may still be on its way there, as this one, or be the empty one of a log that was
    /// turned on and did not come to its first rewrite.
    /// </summary>
    private static bool HasData(AofOptions options, AofFile first)
    {
        string path = PathInside(options, first);
        if (!options.Files.Exists(path)) return first.Name != FirstBase(options).Name;
        using IFile file = options.Files.OpenRead(path);
        return file.Length > 0;
    }

    public static void Adopt(AofOptions options, string snapshotName)
    {
        if (AofFolder.ReadManifest(options) is null) AofFolder.DemandNoDataWithoutManifest(options);
        AofFile first = FirstBase(options);
        AofFolder.Adopt(options, first);
        string temporary = PathInside(options, first) + ".tmp";
        Copy(options.Files, PathBeside(options, snapshotName), temporary);
        options.Files.Rename(temporary, PathInside(options, first));
        options.Files.SyncFolder(AofFolder.Locate(options));
        options.Log($"There is no append-only file: {snapshotName} becomes the base of a new one, {first.Name}");
    }

    private static void Copy(IFiles files, string from, string to)
    {
        using IFile source = files.OpenRead(from);
        using IFile target = files.Create(to);
        var buffer = new byte[CopyBytes];
        long offset = 0;
        while (source.Read(buffer, offset) is > 0 and int read)
        {
            target.Write(buffer.AsSpan(0, read), offset);
            offset += read;
        }
        target.Flush();
    }

    private static AofFile FirstBase(AofOptions options) => new($"{options.FileName}.1.base.rdb", 1, AofFileType.Base);

    private static string PathBeside(AofOptions options, string name) => Path.Combine(options.Directory, name);

    private static string PathInside(AofOptions options, AofFile file) => Path.Combine(AofFolder.Locate(options), file.Name);
}
