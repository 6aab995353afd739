using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Conformance.Durability;
using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Fuzz;

/// <summary>
/// A minute of spoilt input at each door (five seconds in a short run): the process stays up, whatever it says is well
/// formed, a good client is served all the while, and its memory comes back to within a tenth of its level.
/// </summary>
public sealed class FuzzTests
{
    private const double MemoryRatioMax = 1.1;
    private const int SettleLimitMs = 30_000;
    private static readonly HttpStatusCode[] Never = [HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway];

    private static TimeSpan Length => TimeSpan.FromSeconds(Oracle.IsFullRun ? 60 : 5);

    // Until the collector has found its size, and the code is compiled, which a busy machine does late: before, a level
    // would be measured that no server stays at.
    private const int WarmUpInputs = 4000;

    private const int StormsMax = 3;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(60);

    private static TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Max(8, Length.TotalSeconds / 3));

    [Fact]
    public void Spoilt_RESP_brings_nothing_down()
    {
        Storm("RESP", server => server.Port, (random, mutation) =>
        {
            var stream = new ModelStream(random.Next());
            int commands = random.Next(20) == 0 ? random.Next(1000, 5000) : random.Next(1, 30);
            byte[] valid = [.. Enumerable.Range(0, commands).SelectMany(_ => CommandLine.Encode(stream.Next().Words))];
            return random.Next(10) == 0 ? valid : mutation.Of(valid);
        }, IsWellFormedResp);
    }

    [Fact]
    public void Spoilt_HTTP_brings_nothing_down()
    {
        Storm("HTTP", server => server.HttpPort, (random, mutation) =>
        {
            byte[] valid = Encoding.UTF8.GetBytes(Requests.Http(random));
            return random.Next(10) == 0 ? valid : mutation.Of(valid);
        }, IsWellFormedHttp);
    }

    [Fact]
    public void Spoilt_WebSocket_frames_bring_nothing_down()
    {
        Storm("WebSocket", server => server.HttpPort, (random, mutation) =>
        {
            byte[] frames = [.. Enumerable.Range(0, random.Next(1, 20)).SelectMany(_ => Requests.Frame(random))];
            return [.. Requests.Handshake, .. mutation.Of(frames)];
        }, IsWellFormedHttp);
    }

    private static void Storm(string door, Func<ServerProcess, int> port, Func<Random, Mutation, byte[]> next, Func<byte[], string?> fault)
    {
        Oracle.DemandGalley();
        using var server = ServerProcess.StartGalleyWithHttp(isAwaited: true);
        var random = new Random(7);
        var mutation = new Mutation(random);
        Blow(WarmUp, WarmUpInputs);
        long level = Settle(server, long.MaxValue);
        int sent = 0;
        long before = level;
        long after = level;
        // A heap finds its size and stays there; what leaks grows by each storm.
        for (int storm = 0; storm < StormsMax && (storm == 0 || after > level * MemoryRatioMax); storm++)
        {
            if (storm > 0) level = after;
            sent += Blow(Length, 0);
            after = Settle(server, (long)(level * MemoryRatioMax));
        }
        Results.File("fuzz", $"{door}: {sent} spoilt inputs in {Length.TotalSeconds:F0} s, the process up, resident memory {before >> 20} MiB before and {after >> 20} MiB after.");
        Assert.True(after <= level * MemoryRatioMax, $"resident memory was {level >> 20} MiB, and is {after >> 20} MiB after {sent} inputs");

        int Blow(TimeSpan length, int inputsMin)
        {
            var clock = Stopwatch.StartNew();
            int count = 0;
            for (; clock.Elapsed < length || (count < inputsMin && clock.Elapsed < WarmUpMax); count++)
            {
                byte[] input = next(random, mutation);
                byte[] said = Exchange(port(server), input);
                string context = $"after input {count}: {CommandLine.Quote(input, 2000)}\nit said {CommandLine.Quote(said, 500)}\n";
                Assert.False(server.HasExited, $"{door} brought the process down {context}{server.Log}");
                if (fault(said) is { } wrong) Assert.Fail($"{wrong} {context}");
                if (count % 20 == 0) Assert.True(IsServing(server), $"a good client is not served {context}{server.Log}");
            }
            return count;
        }
    }

    private static bool IsServing(ServerProcess server)
    {
        using RespConnection good = server.Connect(20_000);
        return good.Ask("PING").Text == "PONG";
    }

    /// <summary>Sends, says that there is no more, and reads what comes until nothing does.</summary>
    private static byte[] Exchange(int port, byte[] input)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 300, SendTimeout = 2000 };
        var said = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(input);
            socket.Shutdown(SocketShutdown.Send);
            while (socket.Receive(buffer) is > 0 and int read) said.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // Closed on us, or nothing more to say: both are answers to nonsense.
        }
        return said.ToArray();
    }

    private static string? IsWellFormedResp(byte[] said)
    {
        try
        {
            ReadOnlySpan<byte> rest = said;
            while (rest.Length > 0 && Reply.TryParse(rest, out _, out int length)) rest = rest[length..];
            return null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return "a reply that is no RESP";
        }
    }

    private static string? IsWellFormedHttp(byte[] said)
    {
        if (said.Length == 0) return null;
        string head = Encoding.Latin1.GetString(said, 0, Math.Min(said.Length, 12));
        if (!head.StartsWith("HTTP/1.", StringComparison.Ordinal)) return "an answer that is no HTTP";
        return int.TryParse(head.AsSpan(9), out int status) && !Never.Contains((HttpStatusCode)status) ? null : $"status {head}";
    }

    /// <summary>Empties the server and waits until its memory is down to the goal, or will not go further.</summary>
    private static long Settle(ServerProcess server, long goal)
    {
        using RespConnection connection = server.Connect(20_000);
        connection.Ask("FLUSHALL");
        var clock = Stopwatch.StartNew();
        Thread.Sleep(1500);
        while (server.ResidentBytes() > goal && clock.ElapsedMilliseconds < SettleLimitMs) Thread.Sleep(250);
        return server.ResidentBytes();
    }
}
