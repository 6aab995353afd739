using System.Runtime.InteropServices;
using Galley.Api.Logging;

namespace Galley.Api.Lifecycle;

/// <summary>
/// SIGTERM and SIGINT end the server in good order; the second one, if it is SIGINT, at once and with 1, since somebody
/// sits there and insists. While the data is loaded there is nothing to keep, and the end is at once as well. SIGHUP is
/// not heeded: a server outlives the terminal that it was started from.
/// </summary>
internal sealed class ShutdownSignals : IDisposable
{
    private TaskCompletionSource<PosixSignal> _received = NewWait();
    private readonly ServerLog _log;
    private readonly Action<int> _exit;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _deciding = new();
    private bool _isLoading = true;

    /// <param name="exit">Ends the process with this code, now.</param>
    public ShutdownSignals(ServerLog log, Action<int> exit)
    {
        _log = log;
        _exit = exit;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true),
        ];
    }

    /// <summary>Completes with the first signal that asks for the end in good order.</summary>
    public Task<PosixSignal> Received => _received.Task;

    /// <summary>The server could not end: it serves on, and waits for the next signal.</summary>
    public void Rearm()
    {
        lock (_deciding) _received = NewWait();
    }

    /// <summary>The data is there: from now on the end is in good order.</summary>
    public void HasLoaded()
    {
        lock (_deciding) _isLoading = false;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    /// <summary>Decides what the signal means; within the lock, so that loading does not end in the middle of it.</summary>
    internal void Take(PosixSignal signal)
    {
        lock (_deciding)
        {
            if (_isLoading)
            {
                _log.FromSignal("Received shutdown signal during loading, scheduling shutdown.");
                _exit(0);
            }
            else if (signal == PosixSignal.SIGINT && _received.Task.IsCompleted)
            {
                _log.FromSignal("You insist... exiting now.");
                _exit(1);
            }
            else
            {
                _log.FromSignal($"Received {signal} scheduling shutdown...");
                _received.TrySetResult(signal);
            }
        }
    }

    private static TaskCompletionSource<PosixSignal> NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        Take(context.Signal);
    }
}
