using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

public sealed class TlsTests
{
    [Fact]
    public async Task A_wrapped_connection_speaks_through_what_wraps_it()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using X509Certificate2 certificate = Certificate();
        await using var server = new ToyServer(TransportKind.Automatic, change: options => options with
        {
            Wrap = async stream =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(certificate);
                return tls;
            },
        });
        Assert.IsType<SocketTransport>(server.Transport);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Transport.Endpoints[0], stop);
        await using var stream = new SslStream(client.GetStream(), false, (_, shown, _, _) => certificate.Equals(shown));
        await stream.AuthenticateAsClientAsync("galley");
        byte[] expected = Encoding.ASCII.GetBytes("+PONG\r\n$2\r\nhi\r\n+OK\r\n");
        byte[] replies = new byte[expected.Length];
        await stream.WriteAsync("PING\r\nECHO hi\r\nQUIT\r\n"u8.ToArray(), stop);
        await stream.ReadExactlyAsync(replies, stop);
        Assert.Equal(expected, replies);
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Fact]
    public async Task A_client_that_does_not_speak_TLS_is_closed_unseen()
    {
        using X509Certificate2 certificate = Certificate();
        await using var server = new ToyServer(TransportKind.Automatic, change: options => options with
        {
            Wrap = async stream =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(certificate);
                return tls;
            },
        });
        using ToyClient client = server.Connect();
        client.Send("PING\r\nPING\r\nPING\r\nPING\r\n");
        // It may be told first, in TLS, that it does not speak it.
        client.ExpectEnd(skipsInput: true);
        await ToyServer.Until(() => server.Transport.ConnectionCount == 0);
        Assert.Equal(0, server.Handler.OpenedCount);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=galley", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
