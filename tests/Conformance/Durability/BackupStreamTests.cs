using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary><c>GET /v1/backup</c>: what comes is a whole RDB file of one moment, and who reads slowly harms nobody.</summary>
public sealed class BackupStreamTests
{
    private const int Keys = 300_000;
    private const int ValueBytes = 1000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task The_file_is_of_one_moment_and_redis_server_loads_it(string fsync)
    {
        Oracle.DemandGalley();
        Oracle.DemandRedis();
        using ServerProcess server = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--appendonly", "yes", "--appendfsync", fsync);
        using RespConnection client = server.Connect(20_000);
        client.Ask("DEBUG", "POPULATE", "20000", "k", "100");
        client.Ask("RPUSH", "l", "a", "b");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        using HttpResponseMessage answer = await http.GetAsync("/v1/backup", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // What comes after the snapshot began is not in it.
        client.Ask("MULTI");
        client.Ask("SET", "later", "1");
        client.Ask("DEL", "l");
        client.Ask("EXEC");
        string folder = Directory.CreateTempSubdirectory("galley-backup-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "dump.rdb"), await answer.Content.ReadAsByteArrayAsync(Cancelled), Cancelled);
            using ServerProcess restored = ServerProcess.StartRedis("--dir", folder);
            using RespConnection reader = restored.Connect(20_000);
            Assert.Equal("20001", reader.Ask("DBSIZE").Text);
            Assert.Equal("2", reader.Ask("LLEN", "l").Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Who_may_not_SAVE_gets_none()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--http-token", "full", "--http-readonly-token", "reader");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "reader"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "full"));
        using ServerProcess without = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--rename-command", "SAVE", "");
        using var other = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{without.HttpPort}") };
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other, null));
    }

    [Fact]
    public async Task One_snapshot_at_a_time_and_who_goes_away_frees_it()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalleyWithHttp(isAwaited: true);
        using RespConnection client = server.Connect(60_000);
        Populate(client);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        using (Socket reader = Ask(server))
        {
            Assert.True(reader.Receive(new byte[16]) > 0);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, null));
            Assert.StartsWith("ERR", client.Ask("BGSAVE").Text, StringComparison.Ordinal);
        }
        Waiting.Until(() => client.Ask("BGSAVE").Text.StartsWith("Background saving started", StringComparison.Ordinal), static () => "The snapshot is not freed.");
    }

    /// <summary>It takes nothing, while all that it has yet to be sent is changed.</summary>
    [Fact]
    public void A_reader_that_does_not_read_is_cut_off_before_it_fills_memory()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalleyWithHttp(isAwaited: true);
        using RespConnection client = server.Connect(60_000);
        Populate(client);
        long before = server.ResidentBytes();
        using Socket reader = Ask(server);
        Assert.True(reader.Receive(new byte[16]) > 0);
        long most = before;
        var value = new string('w', ValueBytes);
        for (int first = 0; first < Keys; first += 1000)
        {
            client.Send([.. Enumerable.Range(first, 1000).SelectMany(n => CommandLine.Encode("SET", string.Create(CultureInfo.InvariantCulture, $"k:{n}"), value))]);
            for (int i = 0; i < 1000; i++) Assert.Equal("OK", client.Read().Text);
            if (first % 10_000 == 0) most = Math.Max(most, server.ResidentBytes());
        }
        // 128 MiB may lie, in pages that are pooled, and the host holds what is on its way.
        Assert.True(most - before < 256L << 20, $"resident memory went from {before >> 20} to {most >> 20} MiB");
        Waiting.Until(() => client.Ask("BGSAVE").Text.StartsWith("Background saving started", StringComparison.Ordinal), static () => "The snapshot is not freed.");
        Assert.False(EndsWhole(reader), "The response looks whole.");
    }

    private static void Populate(RespConnection client) =>
        Assert.Equal("OK", client.Ask("DEBUG", "POPULATE", Keys.ToString(CultureInfo.InvariantCulture), "k", ValueBytes.ToString(CultureInfo.InvariantCulture)).Text);

    private static Socket Ask(ServerProcess server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000, ReceiveBufferSize = 64 * 1024 };
        socket.Connect(IPAddress.Loopback, server.HttpPort);
        socket.Send(Encoding.ASCII.GetBytes("GET /v1/backup HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }

    /// <summary>The chunked response comes to its proper end.</summary>
    private static bool EndsWhole(Socket socket)
    {
        var tail = new byte[5];
        var block = new byte[64 * 1024];
        try
        {
            while (socket.Receive(block) is > 0 and int received)
            {
                if (received >= tail.Length) block.AsSpan(received - tail.Length, tail.Length).CopyTo(tail);
            }
        }
        catch (SocketException)
        {
            return false;
        }
        return tail.AsSpan().SequenceEqual("0\r\n\r\n"u8);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/backup");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        return answer.StatusCode;
    }
}
