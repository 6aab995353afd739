using System.Globalization;
using Galley.Resp.Protocol;
using Galley.Store.Engine;
using Galley.Store.Persistence.Files;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Aof;

/// <summary>What was loaded; <paramref name="CutBytes"/> were torn off the end.</summary>
public readonly record struct AofLoadResult(long Commands, long Bytes, long CutBytes)
{
    public AofLoadResult Add(AofLoadResult other) =>
        new(Commands + other.Commands, Bytes + other.Bytes, CutBytes + other.CutBytes);
}

/// <summary>
/// Reads the set at the start, in the order of the manifest, and hands every command on. Each file begins with database
/// 0 selected, as in redis-server. Only the very end of the last file may be incomplete: the machine stopped in the
/// middle of a write. That is cut off, to the last whole command or to before a MULTI whose EXEC is not there. Anything
/// else that is wrong stops the start: what lies behind it was acknowledged, and nobody may throw it away unasked.
/// </summary>
public static class AofLoader
{
    private const long ProgressStepBytes = 64 * 1024;

    /// <summary>There is an append-only file to load.</summary>
    public static bool Exists(AofOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Files.Exists(AofFolder.LocateManifest(options)) || SingleFile.Exists(options);
    }

    /// <summary>Loads all of it; the callback hears of bytes loaded and bytes there are.</summary>
    public static AofLoadResult Load(AofOptions options, IEffectTarget target, Action<long, long>? progress = null) =>
        Load(options, target, snapshots: null, progress);

    /// <param name="snapshots">Loads a base in RDB form; without it there must be none.</param>
    internal static AofLoadResult Load(AofOptions options, IEffectTarget target, RdbLoader? snapshots, Action<long, long>? progress)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(target);
        try
        {
            SingleFile.MoveIntoFolder(options);
            if (AofFolder.ReadManifest(options) is { } manifest) return LoadSet(options, manifest, target, snapshots, progress);
            AofFolder.DemandNoDataWithoutManifest(options);
            return default;
        }
        catch (IOException failure)
        {
            throw new PersistenceException($"Can't read the append-only file: {FileErrors.Reason(failure)}", failure);
        }
    }

    private static AofLoadResult LoadSet(
        AofOptions options, AofManifest manifest, IEffectTarget target, RdbLoader? snapshots, Action<long, long>? progress)
    {
        AofFile[] files = [.. manifest.Live];
        long total = files.Sum(file => Measure(options, file));
        AofLoadResult result = default;
        progress?.Invoke(0, total);
        long startedAt = options.Time.GetTimestamp();
        for (int i = 0; i < files.Length; i++)
        {
            using var pass = new AofLoadPass(options, files[i], isLast: i == files.Length - 1, target, snapshots);
            AofLoadResult before = result;
            long fileStartedAt = options.Time.GetTimestamp();
            AofLoadResult loaded = pass.Load(ProgressStepBytes, bytes => progress?.Invoke(before.Bytes + bytes, total));
            result = result.Add(loaded);
            progress?.Invoke(result.Bytes, total);
            options.Log($"DB loaded from {(files[i].Type == AofFileType.Base ? "base" : "incr")} file {files[i].Name}: {SecondsSince(options, fileStartedAt)}");
        }
        options.Log($"DB loaded from append only file: {SecondsSince(options, startedAt)}");
        return result;
    }

    private static string SecondsSince(AofOptions options, long startedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Time.GetElapsedTime(startedAt).TotalSeconds:F3} seconds");

    private static long Measure(AofOptions options, AofFile file)
    {
        string path = Path.Combine(AofFolder.Locate(options), file.Name);
        if (!options.Files.Exists(path))
            throw new PersistenceException($"The AOF file {file.Name} is missing, although the manifest lists it.");
        using IFile opened = options.Files.OpenRead(path);
        if (opened.Length < file.Length)
        {
            throw new PersistenceException(
                $"The AOF file {file.Name} has {opened.Length} bytes; the manifest says {file.Length}, "
                + "so its end is lost.");
        }
        return file.Length ?? opened.Length;
    }
}
