using System.Diagnostics;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>Runs a program that ends by itself, and hands back what it printed.</summary>
public static class NodeScript
{
    public static string Folder => Path.Combine(Executables.Root, "tests", "clients");

    /// <summary>Runs one of the scripts of tests/clients; it fails the test unless it ends with 0.</summary>
    public static async Task PassAsync(string script, params string[] arguments)
    {
        Oracle.Demand(Oracle.Node, "node", "apt-get install nodejs npm");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) Oracle.Refuse("tests/clients has no node_modules: run npm ci there");
        (int code, string output) = await RunAsync(Oracle.Node!, [Path.Combine(Folder, script), .. arguments]);
        Assert.True(code == 0, output);
        Assert.Contains(" passed, 0 failed", output, StringComparison.Ordinal);
    }

    public static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Folder,
        };
        if (Executables.IsStandIn) start.Environment["ORACLE"] = "1";
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} {string.Join(' ', arguments)} did not end");
        }
    }
}
