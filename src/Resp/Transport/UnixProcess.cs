namespace Galley.Resp.Transport;

/// <summary>
/// What a server does to its own process on Unix and .NET has no call for. It lies here because <see cref="Libc"/> does.
/// </summary>
public static class UnixProcess
{
    private const int NicenessMax = 19;
    private const int Interrupt = 2;
    private const int StandardInput = 0;
    private const int StandardError = 2;

    // The number of SIGSTOP is one of the few that differ.
    private static int StopSignal => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>
    /// Leaves the terminal and the process group of who started this process: their Ctrl-C and their hanging up no longer
    /// reach it.
    /// </summary>
    public static void LeaveTerminal() => _ = Libc.BeginSession();

    /// <summary>Standard input, output and error lead to nowhere from here on.</summary>
    public static void DiscardStreams()
    {
        int nowhere = Libc.Open("/dev/null\0"u8);
        if (nowhere < 0) return;
        for (int stream = StandardInput; stream <= StandardError; stream++) _ = Libc.Duplicate(nowhere, stream);
        if (nowhere > StandardError) Libc.Close(nowhere);
    }

    /// <summary>
    /// Lets SIGINT reach this process even where it was started with it ignored, as a shell starts a program in the
    /// background of a script: .NET respects that, redis-server does not. To be called before a handler is registered.
    /// </summary>
    public static void HeedInterrupt() => Libc.RestoreDefault(Interrupt);

    /// <summary>From here on the calling thread takes what processor time the others leave. Where the system has no such thing, nothing changes.</summary>
    public static void LetOthersGoFirst()
    {
        if (OperatingSystem.IsLinux()) _ = Libc.SetNiceness(NicenessMax);
    }

    /// <summary>Stops this process until somebody continues it.</summary>
    public static void Stop() => Libc.Raise(StopSignal);
}
