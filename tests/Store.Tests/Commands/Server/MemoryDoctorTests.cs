using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Server;

public sealed class MemoryDoctorTests
{
    private const long MiB = 1024 * 1024;

    private static readonly MemoryFigures Healthy = new(
        ArenaBytes: 100 * MiB, PeakBytes: 110 * MiB, ActiveBytes: 105 * MiB, ResidentBytes: 108 * MiB, ProcessBytes: 170 * MiB,
        OverheadBytes: 10 * MiB, ClientBytes: 20_000, ClientCount: 10, LogBufferBytes: 0, Scripting: default, KeyCount: 1_000_000);

    [Fact]
    public void A_small_instance_and_a_healthy_one_are_told_so()
    {
        Assert.StartsWith("Hi Sam, this instance is empty", MemoryDoctor.Examine(Healthy with { ArenaBytes = MiB }), StringComparison.Ordinal);
        Assert.StartsWith("Hi Sam, I can't find any memory issue", MemoryDoctor.Examine(Healthy), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_issue_is_found_alone()
    {
        (MemoryFigures Figures, string Issue)[] cases =
        [
            (Healthy with { PeakBytes = 160 * MiB }, "Peak memory"),
            (Healthy with { ActiveBytes = 145 * MiB, ResidentBytes = 146 * MiB }, "Sparse pages"),
            (Healthy with { ResidentBytes = 120 * MiB }, "Free pages"),
            (Healthy with { ProcessBytes = 400 * MiB }, "Memory beside the data"),
            (Healthy with { ClientBytes = 10 * 300 * 1024 }, "Clients' buffers"),
        ];
        foreach ((MemoryFigures figures, string issue) in cases)
        {
            string report = MemoryDoctor.Examine(figures);
            Assert.StartsWith("Sam, I detected a few issues", report, StringComparison.Ordinal);
            Assert.Contains($" * {issue}:", report, StringComparison.Ordinal);
            Assert.Single(report.Split(" * ")[1..]);
        }
    }

    [Fact]
    public void Figures_of_nothing_are_zero()
    {
        MemoryFigures nothing = default;
        Assert.Equal(0, nothing.PeakPercent + nothing.DatasetPercent + nothing.AllocatorRatio + nothing.FragmentationRatio + nothing.BytesPerKey);
    }
}
