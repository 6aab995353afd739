using System.Runtime.InteropServices;

namespace Galley.Store.Commands;

internal static class ServerSection
{
    private const int LruClockMask = 0xFFFFFF;

    private static readonly string OperatingSystemName = NameOperatingSystem();
    private static readonly string BuildId = typeof(ServerSection).Module.ModuleVersionId.ToString("N")[..16];

    public static void Write(InfoWriter writer, ServerContext server)
    {
        writer.Field("redis_version", ServerVersion.Redis);
        writer.Field("galley_version", ServerVersion.Galley);
        writer.Field("redis_git_sha1", "00000000");
        writer.Field("redis_git_dirty", false);
        writer.Field("redis_build_id", BuildId);
        writer.Field("redis_mode", "standalone");
        writer.Field("os", OperatingSystemName);
        writer.Field("arch_bits", IntPtr.Size * 8);
        writer.Field("monotonic_clock", "Stopwatch");
        writer.Field("multiplexing_api", OperatingSystem.IsLinux() ? "epoll" : "socket");
        writer.Field("atomicvar_api", "interlocked");
        writer.Field("gcc_version", "0.0.0");
        writer.Field("process_id", Environment.ProcessId);
        writer.Field("process_supervised", server.Supervisor);
        writer.Field("run_id", server.RunId);
        writer.Field("tcp_port", server.Settings.Port);
        WriteClocks(writer, server);
        writer.Field("executable", Environment.ProcessPath ?? "");
        writer.Field("config_file", server.ConfigFile);
        writer.Field("io_threads_active", false);
        WriteListeners(writer, server);
    }

    private static void WriteClocks(InfoWriter writer, ServerContext server)
    {
        long nowMs = server.Databases.Clock.NowMs;
        long uptimeSeconds = (nowMs - server.StartedMs) / 1000;
        writer.Field("server_time_usec", server.Databases.Clock.ReadMicroseconds());
        writer.Field("uptime_in_seconds", uptimeSeconds);
        writer.Field("uptime_in_days", uptimeSeconds / (24 * 60 * 60));
        writer.Field("hz", server.Settings.Hz);
        writer.Field("configured_hz", server.Settings.Hz);
        writer.Field("lru_clock", nowMs / 1000 & LruClockMask);
    }

    /// <summary>One line a door that RESP clients come through, as Redis 7.2 began to have them.</summary>
    private static void WriteListeners(InfoWriter writer, ServerContext server)
    {
        int count = 0;
        if (server.Settings.Port != 0)
        {
            string addresses = string.Concat(server.Settings.Bind.Addresses.Select(address => ",bind=" + address));
            writer.Field($"listener{count++}", $"name=tcp{addresses},port={server.Settings.Port}");
        }
        if (server.Settings.UnixSocket.Length > 0)
            writer.Field($"listener{count}", $"name=unix,bind={server.Settings.UnixSocket}");
    }

    /// <summary>As uname prints it: system, release of the kernel, machine.</summary>
    private static string NameOperatingSystem()
    {
        string machine = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x86_64",
            Architecture.Arm64 => "aarch64",
            var other => other.ToString(),
        };
        const string Release = "/proc/sys/kernel/osrelease";
        return File.Exists(Release)
            ? $"Linux {File.ReadAllText(Release).Trim()} {machine}"
            : $"{RuntimeInformation.OSDescription} {machine}";
    }
}
