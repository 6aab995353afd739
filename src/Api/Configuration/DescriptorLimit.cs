using System.Globalization;
using Galley.Api.Logging;

namespace Galley.Api.Configuration;

/// <summary>
/// What the operating system lets this process have open, against <c>maxclients</c>. The runtime has raised the soft
/// limit to the hard one at its start.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>redis-server keeps as many for its files.</summary>
    private const int ReservedForFiles = 32;

    private const string LimitsPath = "/proc/self/limits";

    /// <summary>The most clients that can be had, at most <paramref name="maxClients"/>; less is told in redis-server's words.</summary>
    public static long Adjust(long maxClients, ServerLog log)
    {
        long clientsMax = ClientsMax();
        if (maxClients <= clientsMax) return maxClients;
        log.Warning($"You requested maxclients of {maxClients} requiring at least {maxClients + ReservedForFiles} max file descriptors.");
        log.Warning($"Current maximum open files is {clientsMax + ReservedForFiles}. maxclients has been reduced to {clientsMax} to "
            + "compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.");
        return clientsMax;
    }

    /// <summary>Why CONFIG SET cannot have so many clients, or null.</summary>
    public static string? Refusal(long maxClients)
    {
        long clientsMax = ClientsMax();
        return maxClients <= clientsMax ? null
            : $"The operating system is not able to handle the specified number of clients, try with {clientsMax}";
    }

    /// <summary>Where the system does not say it like Linux, there is no limit that could be told.</summary>
    private static long ClientsMax()
    {
        if (!File.Exists(LimitsPath)) return long.MaxValue;
        string? line = File.ReadLines(LimitsPath).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        bool isKnown = words.Length > 4 && long.TryParse(words[4], CultureInfo.InvariantCulture, out _);
        return isKnown ? Math.Max(1, long.Parse(words[4], CultureInfo.InvariantCulture) - ReservedForFiles) : long.MaxValue;
    }
}
