using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Server;

public sealed class ModuleTests
{
    [Theory]
    [InlineData("MODULE LOAD /some/path", "-ERR Error loading the extension. Please check the server logs.")]
    [InlineData("MODULE LOADEX /some/path CONFIG a b ARGS c", "-ERR Error loading the extension. Please check the server logs.")]
    [InlineData("MODULE UNLOAD some", "-ERR Error unloading module: no such module with that name")]
    public void Where_modules_are_allowed_there_are_none_all_the_same(string command, string error)
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableModuleCommand = Allowed.Yes);
        var lines = new List<string>();
        fixture.Server.Log = (_, line) => lines.Add(line);
        Assert.Equal(error, fixture.Connect().Run(command));
        Assert.Equal(command.Contains("UNLOAD", StringComparison.Ordinal) ? 0 : 1, lines.Count);
    }

    [Theory]
    [InlineData(Allowed.No, true, false)]
    [InlineData(Allowed.Local, false, false)]
    [InlineData(Allowed.Local, true, true)]
    public void Loading_is_protected_and_listing_is_not(Allowed setting, bool isLocal, bool isTried)
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableModuleCommand = setting);
        TestClient client = fixture.Connect(TestConnection.From("10.0.0.1:1", isLocal));
        Assert.Equal(isTried, !client.Run("MODULE LOAD /some/path").StartsWith("-ERR MODULE command not allowed.", StringComparison.Ordinal));
        Assert.Equal("*0", client.Run("MODULE LIST"));
    }
}
