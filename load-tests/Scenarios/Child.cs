using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Galley.LoadTests;

/// <summary>
/// A process that is ended by its id: when it is disposed of, when it does not become ready, and at the latest when this program ends,
/// be it by an exception. One that is left running would be measured along with what comes next.
/// </summary>
public sealed class Child : IDisposable
{
    // What /proc counts processor time in: USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private const int LookAgainMs = 20;

    private readonly string _name;
    private readonly Process _process;

    public Child(string name, ProcessStartInfo start)
    {
        _name = name;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Stop();
    }

    public int Id => _process.Id;

    /// <summary>User and system time of the process so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Returns when it is ready; throws when it has ended or has not become ready in time.</summary>
    /// <param name="isReady">May throw <see cref="SocketException"/> as long as nobody listens.</param>
    /// <param name="limitMs">Milliseconds that it may take.</param>
    public void Await(Func<bool> isReady, int limitMs)
    {
        var clock = Stopwatch.StartNew();
        for (; clock.ElapsedMilliseconds < limitMs && !_process.HasExited; Thread.Sleep(LookAgainMs))
        {
            try
            {
                if (isReady()) return;
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
        }
        Stop();
        throw new InvalidOperationException($"{_name} did not start");
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Stop()
    {
        try
        {
            if (_process.HasExited) return;
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // Ended already, or disposed of.
        }
    }
}
