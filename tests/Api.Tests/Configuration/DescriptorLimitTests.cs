using Galley.Api.Configuration;
using Galley.Api.Logging;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Configuration;

public sealed class DescriptorLimitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-limit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void More_clients_than_the_system_allows_are_fewer_at_the_start_and_refused_later()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Other systems do not say what they allow.");
        string path = Path.Combine(_folder.FullName, "log");
        var log = new ServerLog(new Settings { LogFile = path }, TimeProvider.System);
        Assert.Equal(1, DescriptorLimit.Adjust(1, log));
        long allowed = DescriptorLimit.Adjust(long.MaxValue - 1000, log);

        Assert.Contains($"maxclients has been reduced to {allowed} to compensate", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Null(DescriptorLimit.Refusal(allowed));
        Assert.Equal($"The operating system is not able to handle the specified number of clients, try with {allowed}",
            DescriptorLimit.Refusal(allowed + 1));
    }
}
