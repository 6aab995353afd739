using System.Net;
using System.Text;

namespace Galley.Api.Tests.Events;

/// <summary>A stream of events, read event by event as it was sent, without the blank line that ends each.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader text) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public HttpResponseMessage Response { get; } = response;

    public static async Task<EventReader> OpenAsync(
        HttpClient client, string address, HttpMethod? method = null, string? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = Request(method ?? HttpMethod.Get, address, body, headers);
        return await OfAsync(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    public static async Task<EventReader> OfAsync(HttpResponseMessage response)
    {
        string refusal = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode} {refusal}");
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(), new UTF8Encoding(false)));
    }

    /// <summary>Opens, and passes over what opens the stream.</summary>
    public static async Task<EventReader> OpenReadyAsync(HttpClient client, string address, params (string Name, string Value)[] headers)
    {
        EventReader reader = await OpenAsync(client, address, headers: headers);
        await reader.NextAsync();
        return reader;
    }

    /// <summary>The next event, its lines with \n between; null at the end of the stream.</summary>
    public async Task<string?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await text.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0) return string.Join('\n', lines);
            lines.Add(line);
        }
        Assert.Empty(lines);
        return null;
    }

    public void Dispose()
    {
        text.Dispose();
        Response.Dispose();
    }

    private static HttpRequestMessage Request(HttpMethod method, string address, string? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = new StringContent(body);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
