using System.Net;
using System.Text;

namespace Galley.Api.Tests.Rest;

internal static class RestCalls
{
    /// <summary>Sends a body and gives status and body of the answer.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        this HttpClient client, HttpMethod method, string address, string? body = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await RequestAsync(client, method, address, body, headers);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task<HttpResponseMessage> RequestAsync(
        this HttpClient client, HttpMethod method, string address, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    public static async Task<string> PostAsync(this HttpClient client, string address, string body, params (string, string)[] headers) =>
        (await client.SendAsync(HttpMethod.Post, address, body, headers)).Body;
}
