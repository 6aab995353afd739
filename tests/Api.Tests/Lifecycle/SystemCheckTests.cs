using Galley.Api.Lifecycle;
using Xunit;

namespace Galley.Api.Tests.Lifecycle;

public sealed class SystemCheckTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("galley-system-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_machine_as_it_should_be_passes()
    {
        Write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        Write("proc/sys/vm/overcommit_memory", "0\n");
        Write("proc/sys/net/core/somaxconn", "4096\n");
        Write("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 20000                files\n");

        Assert.Equal((0, "[slow-clocksource]...OK\n[overcommit]...OK\n[tcp-backlog]...OK\n[open-files]...OK\n"), Check());
    }

    [Theory]
    [InlineData("sys/devices/system/clocksource/clocksource0/current_clocksource", "xen", "[slow-clocksource]...WARNING:\n")]
    [InlineData("proc/sys/vm/overcommit_memory", "2", "[overcommit]...WARNING:\n")]
    [InlineData("proc/sys/net/core/somaxconn", "128", "Run 'sysctl net.core.somaxconn=511'.")]
    [InlineData("proc/self/limits", "Max open files            1024                 4096                files", "may open 4096 files")]
    public void What_would_harm_is_told(string path, string text, string warning)
    {
        Write(path, text);

        (int code, string output) = Check();

        Assert.Equal(1, code);
        Assert.Contains(warning, output);
    }

    [Fact]
    public void What_a_system_does_not_have_is_no_fault() => Assert.Equal(0, Check().Code);

    private (int Code, string Output) Check()
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (SystemCheck.Run(output, _root.FullName), output.ToString());
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
