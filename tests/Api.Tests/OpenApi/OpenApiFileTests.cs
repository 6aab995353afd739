using Galley.Api.OpenApi;
using Xunit;

namespace Galley.Api.Tests.OpenApi;

public sealed class OpenApiFileTests
{
    [Fact]
    public async Task The_file_at_the_root_is_the_description_of_the_running_server()
    {
        await using ApiServer server = await ApiServer.StartAsync();

        string yaml = await ApiDescription.ToYamlAsync(server.Services);

        string stored = await File.ReadAllTextAsync(Path.Combine(Root(), "openapi.yaml"));
        Assert.True(yaml == stored.ReplaceLineEndings("\n"),
            "openapi.yaml is stale. Write it anew: dotnet run -c Release --project src/Api -- --openapi > openapi.yaml");
    }

    /// <summary>The folder of the solution, above the one that the tests were built into.</summary>
    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Galley.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests lie outside the repository: Galley.slnx is not above them.");
    }
}
