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
        var settings = new Settings { MaxClients = 1, HttpPort = 0 };
        DescriptorLimit.Adjust(settings, log);
        Assert.Equal(1, settings.MaxClients);
        settings.MaxClients = 1L << 40;
        DescriptorLimit.Adjust(settings, log);

        long allowed = settings.MaxClients;
        Assert.Contains($"maxclients has been reduced to {allowed} to compensate", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Null(DescriptorLimit.Refusal(settings));
        settings.MaxClients++;
        Assert.Equal($"The operating system is not able to handle the specified number of clients, try with {allowed}",
            DescriptorLimit.Refusal(settings));
    }

    [Fact]
    public void What_HTTP_may_have_is_not_left_to_clients_nor_all_of_it_to_HTTP()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Other systems do not say what they allow.");
        string path = Path.Combine(_folder.FullName, "log");
        var log = new ServerLog(new Settings { LogFile = path }, TimeProvider.System);
        var without = new Settings { MaxClients = 1L << 40, HttpPort = 0, HttpMaxConnections = 20 };
        var few = new Settings { MaxClients = 1L << 40, HttpMaxConnections = 20 };
        var many = new Settings { MaxClients = 1L << 40, HttpMaxConnections = int.MaxValue };

        foreach (Settings settings in (Settings[])[without, few, many]) DescriptorLimit.Adjust(settings, log);

        Assert.Equal(without.MaxClients - 20, few.MaxClients);
        Assert.Equal(without.MaxClients - many.HttpMaxConnections, many.MaxClients);
        Assert.True(many.HttpMaxConnections < many.MaxClients);
        var rest = new Settings { MaxClients = 10, HttpMaxConnections = int.MaxValue };
        DescriptorLimit.Adjust(rest, log);
        Assert.Equal((10L, without.MaxClients - 10), (rest.MaxClients, (long)rest.HttpMaxConnections));
        Assert.Contains($"http-max-connections of {int.MaxValue} has been reduced to {many.HttpMaxConnections}", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
