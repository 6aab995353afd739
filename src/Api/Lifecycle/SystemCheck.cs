using System.Globalization;
using Galley.Store.Configuration;

namespace Galley.Api.Lifecycle;

/// <summary>
/// <c>galley --check-system</c>: what of this machine would slow a server down or keep it small, in the form of
/// redis-server's check.
/// </summary>
internal static class SystemCheck
{
    /// <summary>Descriptors that a server wants beside those of its clients, as redis-server reckons.</summary>
    private const long OwnDescriptors = 32;

    private static readonly string[] FastClocks = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter"];

    /// <summary>Prints each check; 0 where all is well, 1 otherwise.</summary>
    public static int Run(TextWriter output, string root = "/")
    {
        var settings = new Settings();
        (string Name, string? Fault)[] checks =
        [
            ("slow-clocksource", SlowClock(root)),
            ("overcommit", Overcommit(root)),
            ("tcp-backlog", Backlog(root, settings.TcpBacklog)),
            ("open-files", OpenFiles(root, settings.MaxClients)),
        ];
        foreach ((string name, string? fault) in checks) output.WriteLine($"[{name}]...{(fault is null ? "OK" : $"WARNING:\n{fault}")}");
        return checks.All(check => check.Fault is null) ? 0 : 1;
    }

    private static string? SlowClock(string root) =>
        Read(root, "sys/devices/system/clocksource/clocksource0/current_clocksource") is { } clock && !FastClocks.Contains(clock)
            ? $"The clock source is '{clock}', which takes a system call for each reading. Try 'tsc': write it into "
                + "/sys/devices/system/clocksource/clocksource0/current_clocksource."
            : null;

    /// <summary>Galley reserves addresses ahead of the memory it uses, and forks nothing: only strict accounting harms.</summary>
    private static string? Overcommit(string root) =>
        Read(root, "proc/sys/vm/overcommit_memory") == "2"
            ? "vm.overcommit_memory is 2: the addresses that Galley reserves count as memory in use. Run 'sysctl vm.overcommit_memory=0'."
            : null;

    private static string? Backlog(string root, int wanted) =>
        ReadNumber(root, "proc/sys/net/core/somaxconn") is { } most && most < wanted
            ? $"The TCP backlog of {wanted} cannot be had, because net.core.somaxconn is {most}. Run 'sysctl net.core.somaxconn={wanted}'."
            : null;

    private static string? OpenFiles(string root, long clients)
    {
        string? limits = Read(root, "proc/self/limits")?.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        if (limits?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, _, _, _, var hard, ..]) return null;
        return long.TryParse(hard, CultureInfo.InvariantCulture, out long most) && most < clients + OwnDescriptors
            ? $"This process may open {most} files; the default 'maxclients' of {clients} wants {clients + OwnDescriptors}. "
                + "Raise 'ulimit -n', or LimitNOFILE of the systemd unit."
            : null;
    }

    private static long? ReadNumber(string root, string path) =>
        long.TryParse(Read(root, path), CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Read(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
