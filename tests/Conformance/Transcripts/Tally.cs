using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;

[assembly: AssemblyFixture(typeof(Tally))]

namespace Galley.Conformance.Transcripts;

/// <summary>
/// How many replies were compared, and how many differed for each reason that is allowed. The run leaves it in
/// <c>TestResults/differences.txt</c>, from where .ci/run prints it.
/// </summary>
public sealed class Tally : IDisposable
{
    private readonly Dictionary<Reason, int> _counts = [];
    private int _compared;

    public void Count(Reason reason) => _counts[reason] = _counts.GetValueOrDefault(reason) + 1;

    public void Compared(int replies) => _compared += replies;

    public override string ToString() =>
        $"{_compared} replies compared with redis-server; differences with a reason: "
        + string.Join(", ", Enum.GetValues<Reason>().Where(r => r != Reason.None).Select(r => $"{r} {_counts.GetValueOrDefault(r)}"))
        + $"; order not defined {_counts.GetValueOrDefault(Reason.None)}";

    public void Dispose()
    {
        if (_compared == 0) return;
        string folder = Path.Combine(Executables.Root, "TestResults");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "differences.txt"), ToString() + "\n");
    }
}
