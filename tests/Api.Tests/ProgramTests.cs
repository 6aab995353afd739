using Galley.Api.Tests.Rest;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Galley.Api.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-program-");

    public ProgramTests()
    {
        Environment.SetEnvironmentVariable("GALLEY_CONFIG_PORT", "0");
        Environment.SetEnvironmentVariable("GALLEY_CONFIG_DIR", _folder.FullName);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("GALLEY_CONFIG_PORT", null);
        Environment.SetEnvironmentVariable("GALLEY_CONFIG_DIR", null);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_whole_program_runs_under_a_test_host_and_keeps_its_data()
    {
        await using (var factory = new WebApplicationFactory<Program>())
        {
            using HttpClient client = factory.CreateClient();
            await WaitUntilLoadedAsync(client);
            Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/", """["SET","foo","bar"]"""));
        }
        // Main stores its data and ends a little after the host.
        await WaitForFileAsync();
        await using (var factory = new WebApplicationFactory<Program>())
        {
            using HttpClient client = factory.CreateClient();
            await WaitUntilLoadedAsync(client);
            Assert.Equal("""{"result":"bar"}""", await client.PostAsync("/", """["GET","foo"]"""));
        }
        await Task.Delay(500);
    }

    /// <summary>The doors open before the data is loaded; /readyz says when it is.</summary>
    private static async Task WaitUntilLoadedAsync(HttpClient client)
    {
        for (int i = 0; i < 250; i++)
        {
            using HttpResponseMessage ready = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (ready.IsSuccessStatusCode) return;
            await Task.Delay(20);
        }
    }

    private async Task WaitForFileAsync()
    {
        for (int i = 0; i < 250; i++)
        {
            string? file = Directory.EnumerateFiles(_folder.FullName, "*.incr.aof", SearchOption.AllDirectories).FirstOrDefault();
            if (file is not null && (await File.ReadAllTextAsync(file)).Contains("bar", StringComparison.Ordinal)) return;
            await Task.Delay(20);
        }
    }
}
