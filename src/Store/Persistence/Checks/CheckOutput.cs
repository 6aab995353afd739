using System.Diagnostics;
using System.Globalization;

namespace Galley.Store.Persistence.Checks;

/// <summary>
/// Where a check of files says what it finds, in the words of redis-check-rdb and redis-check-aof; and, beside that, how
/// far it has come with a long one.
/// </summary>
public sealed class CheckOutput(TextWriter findings, TextWriter progress)
{
    private const int IntervalMs = 2000;

    private long _saidAt = Stopwatch.GetTimestamp();

    public void Say(string line) => findings.WriteLine(line);

    /// <summary>Asks a question, whose answer comes in the same line.</summary>
    public void Ask(string question)
    {
        findings.Write(question);
        findings.Flush();
    }

    /// <summary>What was found at this place of a file.</summary>
    public void SayAt(long offset, string what) => Say(string.Create(CultureInfo.InvariantCulture, $"[offset {offset}] {what}"));

    /// <summary>So much of a file was read; every other second this is told.</summary>
    public void Progress(string file, long bytes, long total)
    {
        if (Stopwatch.GetElapsedTime(_saidAt).TotalMilliseconds < IntervalMs) return;
        _saidAt = Stopwatch.GetTimestamp();
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Checking {file}: {bytes} of {total} bytes ({(total == 0 ? 100.0 : 100.0 * bytes / total):F1} %)"));
    }
}
