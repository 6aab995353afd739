using System.Globalization;
using Galley.Store.Commands;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Checks;

/// <summary>
/// <c>galley check-rdb</c> and <c>galley check-aof</c>: whether files can be loaded, and where not; in the words, and with
/// the exit codes, of redis-check-rdb and redis-check-aof.
/// </summary>
public sealed class FileChecks(CheckOutput output, TextReader answers, TimeProvider time, IFiles? files = null)
{
    private const int Fine = 0;
    private const int Wrong = 1;
    private const string RdbUsage = "Usage: galley check-rdb <rdb-file-name>";
    private const string AofUsage = "Usage: galley check-aof [--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>";

    private readonly IFiles _files = files ?? SystemFiles.Instance;

    /// <summary>Checks the one file that is named; the exit code.</summary>
    public int Rdb(IReadOnlyList<string> args)
    {
        if (args is ["-v" or "--version"])
        {
            output.Say($"redis-check-rdb {ServerVersion.Redis} galley={ServerVersion.Galley}");
            return Fine;
        }
        if (args is not [var path])
        {
            output.Say(RdbUsage);
            return Wrong;
        }
        return Try(path, () =>
        {
            using IFile file = _files.OpenRead(path);
            return RdbCheck.Run(file, path, output, time, out _);
        });
    }

    /// <summary>Checks the file, or all that the manifest lists; the exit code.</summary>
    public int Aof(IReadOnlyList<string> args)
    {
        AofCheckOptions options = default;
        string? path = args switch
        {
            [var only] => only,
            ["--fix", var last] => last,
            ["--truncate-to-timestamp", _, var last] => last,
            _ => null,
        };
        bool isTime = true;
        if (args is ["--fix", _]) options = new AofCheckOptions(Fixes: true, 0);
        if (args is ["--truncate-to-timestamp", var seconds, _])
        {
            isTime = long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0;
            options = new AofCheckOptions(Fixes: false, value);
        }
        if (path is null || !isTime)
        {
            output.Say(AofUsage);
            return Wrong;
        }
        var check = new AofCheck(_files, output, answers, time, options);
        return Try(path, () => IsManifest(path) ? CheckSet(check, path) : CheckFile(check, path));
    }

    private bool CheckFile(AofCheck check, string path)
    {
        output.Say("Start checking Old-Style AOF");
        return check.Run(path, path, "AOF", isLast: true);
    }

    private bool CheckSet(AofCheck check, string path)
    {
        output.Say("Start checking Multi Part AOF");
        AofManifest manifest = ReadManifest(path);
        string folder = Path.GetDirectoryName(path) ?? "";
        if (manifest.Base is { } first && !CheckBase(check, folder, first, isLast: manifest.Increments.IsEmpty)) return false;
        if (!manifest.Increments.IsEmpty) output.Say("Start to check INCR files.");
        foreach (AofFile increment in manifest.Increments)
        {
            bool isLast = increment == manifest.Increments[^1];
            if (!check.Run(Path.Combine(folder, increment.Name), increment.Name, "INCR AOF", isLast, increment.Length)) return false;
        }
        output.Say("All AOF files and manifest are valid");
        return true;
    }

    private bool CheckBase(AofCheck check, string folder, AofFile file, bool isLast)
    {
        string path = Path.Combine(folder, file.Name);
        output.Say($"Start to check BASE AOF ({(BeginsWith(path, "REDIS"u8) || BeginsWith(path, "VALKEY"u8) ? "RDB" : "RESP")} format).");
        return check.Run(path, file.Name, "BASE AOF", isLast, file.Length);
    }

    private bool IsManifest(string path) => BeginsWith(path, "file"u8) || BeginsWith(path, "# "u8);

    private AofManifest ReadManifest(string path)
    {
        using IFile file = _files.OpenRead(path);
        var text = new byte[Math.Min(file.Length, AofManifestText.TextBytesMax + 1)];
        int length = file.Read(text, 0);
        return AofManifestText.Read(text.AsSpan(0, length), Path.GetFileName(path));
    }

    private bool BeginsWith(string path, ReadOnlySpan<byte> word)
    {
        using IFile file = _files.OpenRead(path);
        Span<byte> head = stackalloc byte[8];
        return head[..file.Read(head, 0)].StartsWith(word);
    }

    /// <summary>Whatever is wrong is said; nothing leaves this as a failure of the program.</summary>
    private int Try(string path, Func<bool> check)
    {
        try
        {
            return check() ? Fine : Wrong;
        }
        catch (FileNotFoundException missing)
        {
            string lost = Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileName(missing.FileName ?? path));
            output.Say($"Cannot open file {lost}: No such file or directory");
        }
        catch (IOException failure)
        {
            output.Say($"Cannot open file {path}: {FileErrors.Reason(failure)}");
        }
        catch (PersistenceException failure)
        {
            output.Say(failure.Message);
        }
        return Wrong;
    }
}
