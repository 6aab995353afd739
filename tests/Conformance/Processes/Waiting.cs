using System.Diagnostics;
using System.Net.Sockets;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary>Waits for what another process is about to do.</summary>
internal static class Waiting
{
    public static void Until(Func<bool> isSo, Func<string> complaint)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            if (clock.ElapsedMilliseconds > ProgramRun.LimitMs) Assert.Fail(complaint());
            Thread.Sleep(10);
        }
    }

    public static void ForFile(string path, string text = "") =>
        Until(() => Read(path).Contains(text, StringComparison.Ordinal) && File.Exists(path),
            () => $"'{text}' does not stand in {path}:\n{Read(path)}");

    public static void ForReply(int port) => Until(() => Answers(port), () => $"Nobody answers at port {port}.");

    public static bool Answers(int port)
    {
        try
        {
            using var connection = new RespConnection(port);
            return connection.Ask("PING").Text == "PONG";
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
