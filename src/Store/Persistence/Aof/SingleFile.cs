namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The append-only file of a redis-server before 7: one file beside the data. As redis-server 7 does, the manifest that
/// names it as the base is written first, then it is moved into the folder: a stop between the two is seen and mended.
/// </summary>
internal static class SingleFile
{
    public static bool Exists(AofOptions options) => options.Files.Exists(PathBeside(options)) && IsWaiting(options);

    public static void MoveIntoFolder(AofOptions options)
    {
        if (!Exists(options)) return;
        AofFolder.Adopt(options, new AofFile(options.FileName, 1, AofFileType.Base));
        options.Files.Rename(PathBeside(options), PathInside(options));
        options.Files.SyncFolder(AofFolder.Locate(options));
        options.Files.SyncFolder(options.Directory);
        options.Log($"Successfully migrated an old-style AOF configuration ({options.FileName}) into the AOF directory "
            + $"({options.FolderName}).");
    }

    /// <summary>No manifest yet, or one that lists nothing but this file, which has not arrived.</summary>
    private static bool IsWaiting(AofOptions options) =>
        AofFolder.ReadManifest(options) is not { } manifest
        || (manifest.Increments.IsEmpty
            && manifest.Base?.Name == options.FileName
            && !options.Files.Exists(PathInside(options)));

    private static string PathBeside(AofOptions options) => Path.Combine(options.Directory, options.FileName);

    private static string PathInside(AofOptions options) => Path.Combine(AofFolder.Locate(options), options.FileName);
}
