using System.IO.Compression;
using System.Text;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>Over a kilobyte a response is packed, for clients that can unpack it.</summary>
public sealed class CompressionTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = _server.Client();
        await _client.PostAsync("/set/small", "short");
        await _client.PostAsync("/set/medium", string.Concat(Enumerable.Repeat("medium ", 1000)));
        await _client.PostAsync("/set/large", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} läärge\n")));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("GZIP;q=0.5", "gzip")]
    [InlineData("deflate", "")]
    [InlineData("gzip;q=0.0", "")]
    [InlineData("", "")]
    public async Task What_the_client_accepts_is_used(string accepted, string encoding)
    {
        foreach (string key in (string[])["medium", "large"])
        {
            string plain = await _client.PostAsync("/get/" + key, "");
            using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Get, "/get/" + key, null, ("Accept-Encoding", accepted));

            Assert.Equal(encoding, string.Join(',', response.Content.Headers.ContentEncoding));
            Assert.Contains("Accept-Encoding", response.Headers.Vary);
            byte[] packed = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            if (encoding.Length > 0) Assert.True(packed.Length < plain.Length / 2);
            Assert.Equal(plain, Unpack(packed, encoding));
        }
    }

    [Fact]
    public async Task A_short_response_is_sent_as_it_is()
    {
        using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Get, "/get/small", null, ("Accept-Encoding", "br, gzip"));

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("""{"result":"short"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_setting_turns_it_off()
    {
        _server.Settings.HttpCompression = false;

        using HttpResponseMessage response = await _client.RequestAsync(HttpMethod.Get, "/get/medium", null, ("Accept-Encoding", "br"));

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Empty(response.Headers.Vary);
    }

    private static string Unpack(byte[] packed, string encoding)
    {
        using var bytes = new MemoryStream(packed);
        using Stream unpacked = encoding switch
        {
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
