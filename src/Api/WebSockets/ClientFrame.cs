using System.Text.Json;

namespace Galley.Api.WebSockets;

/// <summary>A frame of a client as it was sent; the validators say what is wrong with it. Unknown fields are ignored.</summary>
internal sealed class ClientFrame
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    private ClientFrame(JsonElement root)
    {
        Type = Text(root, "type") ?? "";
        Id = Text(root, "id");
        Channels = Texts(root, "channels");
        Patterns = Texts(root, "patterns");
        Data = Text(root, "data");
        OnSlow = Text(root, "onSlow");
        Token = Text(root, "token");
        Args = Element(root, "args");
        Batch = Element(root, "batch");
        Time = Element(root, "t");
        IsAtomic = Element(root, "atomic") is { ValueKind: JsonValueKind.True };
    }

    public string Type { get; }

    /// <summary>Chosen by the client; names the request, and a subscription for its life.</summary>
    public string? Id { get; }

    public IReadOnlyList<string?>? Channels { get; }

    public IReadOnlyList<string?>? Patterns { get; }

    /// <summary>How payloads are to be written: utf8, json or base64.</summary>
    public string? Data { get; }

    /// <summary>What happens when the client is too slow: close, drop-oldest or conflate.</summary>
    public string? OnSlow { get; }

    public string? Token { get; }

    public JsonElement? Args { get; }

    public JsonElement? Batch { get; }

    public bool IsAtomic { get; }

    /// <summary>Of a ping; its pong carries it back.</summary>
    public JsonElement? Time { get; }

    /// <summary>Reads a frame; its elements are valid as long as the document. Null: it is no JSON object.</summary>
    public static ClientFrame? TryRead(ReadOnlyMemory<byte> json, out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new ClientFrame(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a string with half of a surrogate pair.
        }
        document?.Dispose();
        document = null;
        return null;
    }

    private static JsonElement? Element(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement element) ? element : null;

    /// <summary>Something that is no string is an empty one, which no rule accepts.</summary>
    private static string? Text(JsonElement root, string name) => Element(root, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => "",
    };

    private static List<string?>? Texts(JsonElement root, string name)
    {
        if (Element(root, name) is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) return [];
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)];
    }
}
