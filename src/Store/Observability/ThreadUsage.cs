using System.Globalization;

namespace Galley.Store.Observability;

/// <summary>The processor time of one thread, which .NET does not tell.</summary>
public static class ThreadUsage
{
    private const string StatusFile = "/proc/thread-self/stat";

    /// <summary>The kernel prints times to user programs in hundredths of a second, whatever its own tick is.</summary>
    private const long TicksPerKernelTick = TimeSpan.TicksPerSecond / 100;

    // Counted behind the name, which stands in brackets and may hold anything.
    private const int UserAt = 11;
    private const int SystemAt = 12;

    /// <summary>Time of the calling thread in the kernel and in the program; zero where the system has no such file.</summary>
    public static (TimeSpan System, TimeSpan User) OfThisThread()
    {
        if (!File.Exists(StatusFile)) return default;
        string status = File.ReadAllText(StatusFile);
        string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
        return (Time(fields[SystemAt]), Time(fields[UserAt]));
    }

    private static TimeSpan Time(string kernelTicks) =>
        TimeSpan.FromTicks(long.Parse(kernelTicks, CultureInfo.InvariantCulture) * TicksPerKernelTick);
}
