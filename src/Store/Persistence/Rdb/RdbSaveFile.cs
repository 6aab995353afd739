using System.Globalization;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>
/// Where a save goes: beside the file that it is to replace, and into its place in one step when it is whole and on the
/// disk. Whatever stops the machine, there is the old file or the new one.
/// </summary>
/// <param name="number">No other save of this process has it: one that was given up takes its file away later, in its own time.</param>
internal sealed class RdbSaveFile(IFiles files, string folder, string name, long number, Action<string> log)
{
    private readonly string _temporary = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
        $"temp-{Environment.ProcessId}-{number}.rdb"));

    /// <summary>Held round the last look at whether the save was given up and the renaming, so that nothing comes between.</summary>
    private readonly Lock _placing = new();

    private string? _givenUp;

    public string TemporaryPath => _temporary;

    /// <summary>
    /// When it returns the file is in its place already, or never will be: one that is written after it is not replaced by it. Waits
    /// for no flush. Any thread.
    /// </summary>
    public void GiveUp(string reason)
    {
        lock (_placing) _givenUp ??= reason;
    }

    /// <summary>Puts the file in its place; null, or why it could not.</summary>
    /// <param name="flush">Returns when its content is on the disk.</param>
    public string? TryPublish(Action flush)
    {
        try
        {
            flush();
            lock (_placing)
            {
                if (_givenUp is not null) return _givenUp;
                files.Rename(_temporary, Path.Combine(folder, name));
            }
            files.SyncFolder(folder);
            return null;
        }
        catch (IOException failure)
        {
            string reason = FileErrors.Reason(failure);
            log($"Error moving temp DB file {Path.GetFileName(_temporary)} on the final destination {name} (in server root dir {folder}): {reason}");
            return reason;
        }
    }

    /// <summary>Takes back what was written.</summary>
    public void Discard()
    {
        try
        {
            if (files.Exists(_temporary)) files.Delete(_temporary);
        }
        catch (IOException failure)
        {
            log($"Error deleting {Path.GetFileName(_temporary)}: {FileErrors.Reason(failure)}");
        }
    }
}
