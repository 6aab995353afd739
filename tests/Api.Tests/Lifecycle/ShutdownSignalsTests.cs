using System.Runtime.InteropServices;
using Galley.Api.Lifecycle;
using Galley.Api.Logging;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Lifecycle;

public sealed class ShutdownSignalsTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly List<int> _exits = [];
    private readonly ShutdownSignals _signals;

    public ShutdownSignalsTests()
    {
        _signals = new ShutdownSignals(new ServerLog(new Settings(), TimeProvider.System, _output), _exits.Add);
    }

    public void Dispose()
    {
        _signals.Dispose();
        _output.Dispose();
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void While_the_data_is_loaded_the_end_is_at_once(PosixSignal signal)
    {
        _signals.Take(signal);

        Assert.Equal([0], _exits);
        Assert.False(_signals.Received.IsCompleted);
        Assert.Equal(["Received shutdown signal during loading, scheduling shutdown."], Said);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void After_that_it_is_in_good_order(PosixSignal signal)
    {
        _signals.HasLoaded();
        _signals.Take(signal);

        Assert.Empty(_exits);
        Assert.True(_signals.Received.IsCompletedSuccessfully);
        Assert.Equal([$"Received {signal} scheduling shutdown..."], Said);
    }

    [Fact]
    public void A_second_SIGTERM_waits_as_the_first_does()
    {
        _signals.HasLoaded();
        _signals.Take(PosixSignal.SIGINT);
        _signals.Take(PosixSignal.SIGTERM);

        Assert.Empty(_exits);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void A_second_SIGINT_insists(PosixSignal first)
    {
        _signals.HasLoaded();
        _signals.Take(first);
        _signals.Take(PosixSignal.SIGINT);

        Assert.Equal([1], _exits);
        Assert.Equal("You insist... exiting now.", Said[^1]);
    }

    /// <summary>What stands behind "4711:signal-handler (1893553445) ".</summary>
    private string[] Said =>
        [.. _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(')', StringComparison.Ordinal) + 2)..])];
}
