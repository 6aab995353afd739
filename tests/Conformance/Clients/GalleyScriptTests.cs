using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>The client that Galley serves at /galley.js: in Node, in a page, and before the compiler of TypeScript.</summary>
public sealed class GalleyScriptTests
{
    [Fact]
    public Task It_comes_back_after_cuts_and_restarts()
    {
        Oracle.DemandGalley();
        Oracle.Demand(Oracle.Chromium, "chromium", "apt-get install chromium");
        return NodeScript.PassAsync("galley.mjs", Executables.Galley, Oracle.Chromium!);
    }

    [Fact]
    public Task Its_streams_and_groups_lose_nothing_and_handle_nothing_twice()
    {
        Oracle.DemandGalley();
        Oracle.Demand(Oracle.Chromium, "chromium", "apt-get install chromium");
        return NodeScript.PassAsync("streams.mjs", Executables.Galley, Oracle.Chromium!);
    }

    [Fact]
    public Task The_events_of_streams_lose_nothing_and_double_nothing()
    {
        Oracle.DemandGalley();
        return NodeScript.PassAsync("stream-events.mjs", Executables.Galley);
    }

    [Fact]
    public async Task Its_types_are_what_a_program_expects()
    {
        Oracle.Demand(Oracle.Node, "node", "apt-get install nodejs npm");
        string compiler = Path.Combine(NodeScript.Folder, "node_modules", "typescript", "bin", "tsc");
        if (!File.Exists(compiler)) Oracle.Refuse("tests/clients has no TypeScript: run npm ci there");

        (int code, string output) = await NodeScript.RunAsync(Oracle.Node!,
            [compiler, "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom", "galley-types.ts"]);

        Assert.True(code == 0, output);
    }
}
