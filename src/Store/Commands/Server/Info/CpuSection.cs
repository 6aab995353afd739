using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>There are no children. The main thread is the one that runs this command: for a RESP client, the reactor's.</summary>
internal static class CpuSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        Environment.ProcessCpuUsage usage = Environment.CpuUsage;
        (TimeSpan system, TimeSpan user) = ThreadUsage.OfThisThread();
        writer.Seconds("used_cpu_sys", usage.PrivilegedTime);
        writer.Seconds("used_cpu_user", usage.UserTime);
        writer.Seconds("used_cpu_sys_children", TimeSpan.Zero);
        writer.Seconds("used_cpu_user_children", TimeSpan.Zero);
        writer.Seconds("used_cpu_sys_main_thread", system);
        writer.Seconds("used_cpu_user_main_thread", user);
    }
}
