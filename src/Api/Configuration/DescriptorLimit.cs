using System.Globalization;
using Galley.Api.Logging;
using Galley.Store.Configuration;

namespace Galley.Api.Configuration;

/// <summary>
/// What the operating system lets this process have open, against <c>maxclients</c> and <c>http-max-connections</c>. The runtime has raised the soft
/// limit to the hard one at its start.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>redis-server keeps as many for its files.</summary>
    private const int ReservedForFiles = 32;

    private const string LimitsPath = "/proc/self/limits";

    /// <summary>HTTP has what clients of RESP leave, and one of so many descriptors in any case.</summary>
    private const int HttpShare = 4;

    /// <summary>
    /// Takes off <c>http-max-connections</c> and <c>maxclients</c> what the system does not allow; that is told, of clients in
    /// redis-server's words.
    /// </summary>
    public static void Adjust(Settings settings, ServerLog log)
    {
        long descriptors = Descriptors();
        int httpMax = (int)Math.Clamp(Math.Max(descriptors / HttpShare, descriptors - ReservedForFiles - settings.MaxClients), 1, int.MaxValue);
        if (settings.HttpPort != 0 && settings.HttpMaxConnections > httpMax)
        {
            log.Notice($"http-max-connections of {settings.HttpMaxConnections} has been reduced to {httpMax}: the process may have {descriptors} files open. "
                + "If you need more increase 'ulimit -n'.");
            settings.HttpMaxConnections = httpMax;
        }
        long reserved = Reserved(settings);
        long clientsMax = ClientsMax(descriptors, reserved);
        if (settings.MaxClients <= clientsMax) return;
        log.Warning($"You requested maxclients of {settings.MaxClients} requiring at least {settings.MaxClients + reserved} max file descriptors.");
        log.Warning($"Current maximum open files is {descriptors}. maxclients has been reduced to {clientsMax} to "
            + "compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.");
        settings.MaxClients = clientsMax;
    }

    /// <summary>Why CONFIG SET cannot have so many clients, or null.</summary>
    public static string? Refusal(Settings settings)
    {
        long clientsMax = ClientsMax(Descriptors(), Reserved(settings));
        return settings.MaxClients <= clientsMax ? null
            : $"The operating system is not able to handle the specified number of clients, try with {clientsMax}";
    }

    private static long Reserved(Settings settings) => ReservedForFiles + (settings.HttpPort == 0 ? 0 : settings.HttpMaxConnections);

    private static long ClientsMax(long descriptors, long reserved) => Math.Max(1, descriptors - reserved);

    /// <summary>Where the system does not say it like Linux, there is no limit that could be told.</summary>
    private static long Descriptors()
    {
        if (!File.Exists(LimitsPath)) return long.MaxValue;
        string? line = File.ReadLines(LimitsPath).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        bool isKnown = words.Length > 4 && long.TryParse(words[4], CultureInfo.InvariantCulture, out _);
        return isKnown ? long.Parse(words[4], CultureInfo.InvariantCulture) : long.MaxValue;
    }
}
