namespace Galley.Store.Commands;

internal static class CpuSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        Environment.ProcessCpuUsage usage = Environment.CpuUsage;
        writer.Seconds("used_cpu_sys", usage.PrivilegedTime);
        writer.Seconds("used_cpu_user", usage.UserTime);
        writer.Seconds("used_cpu_sys_children", TimeSpan.Zero);
        writer.Seconds("used_cpu_user_children", TimeSpan.Zero);
    }
}
