using System.Runtime.InteropServices;

namespace Galley.Store.Commands;

internal static class ServerSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        long nowMs = server.Databases.Clock.NowMs;
        long uptimeSeconds = (nowMs - server.StartedMs) / 1000;
        writer.Field("redis_version", ServerVersion.Redis);
        writer.Field("galley_version", ServerVersion.Galley);
        writer.Field("redis_mode", "standalone");
        writer.Field("os", $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
        writer.Field("arch_bits", IntPtr.Size * 8);
        writer.Field("monotonic_clock", "Stopwatch");
        writer.Field("multiplexing_api", OperatingSystem.IsLinux() ? "epoll" : "socket");
        writer.Field("dotnet_version", Environment.Version.ToString());
        writer.Field("process_id", Environment.ProcessId);
        writer.Field("process_supervised", "no");
        writer.Field("run_id", server.RunId);
        writer.Field("tcp_port", server.Settings.Port);
        writer.Field("server_time_usec", server.Databases.Clock.ReadMicroseconds());
        writer.Field("uptime_in_seconds", uptimeSeconds);
        writer.Field("uptime_in_days", uptimeSeconds / (24 * 60 * 60));
        writer.Field("hz", server.Settings.Hz);
        writer.Field("configured_hz", server.Settings.Hz);
        writer.Field("lru_clock", nowMs / 1000 & 0xFFFFFF);
        writer.Field("executable", Environment.ProcessPath ?? "");
        writer.Field("config_file", server.ConfigFile);
        writer.Field("io_threads_active", false);
    }
}
