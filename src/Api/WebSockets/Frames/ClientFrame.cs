using System.Text.Json;

namespace Galley.Api.WebSockets;

/// <summary>A frame of a client as it was sent; the validators say what is wrong with it. Unknown fields are ignored.</summary>
internal sealed partial class ClientFrame
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    public string Type { get; private set; } = "";

    /// <summary>Chosen by the client; names the request, and a subscription for its life.</summary>
    public string? Id { get; private set; }

    public IReadOnlyList<string?>? Channels { get; private set; }

    public IReadOnlyList<string?>? Patterns { get; private set; }

    /// <summary>How payloads are to be written: utf8, json or base64.</summary>
    public string? Data { get; private set; }

    /// <summary>What happens when the client is too slow: close, drop-oldest or conflate.</summary>
    public string? OnSlow { get; private set; }

    public string? Token { get; private set; }

    /// <summary>The words of one command, as JSON. Like all raw JSON here it lies in the bytes that were read.</summary>
    public ReadOnlyMemory<byte>? Args { get; private set; }

    /// <summary>Several commands, as JSON.</summary>
    public ReadOnlyMemory<byte>? Batch { get; private set; }

    public bool IsAtomic { get; private set; }

    /// <summary>Of a ping, as JSON; its pong carries it back.</summary>
    public ReadOnlyMemory<byte>? Time { get; private set; }

    /// <summary>Reads a frame. Null: it is no JSON object.</summary>
    public static ClientFrame? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var frame = new ClientFrame();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) frame.ReadField(ref reader, json);
            // Whatever follows but white space makes the reader throw.
            reader.Read();
            return frame;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a string with half of a surrogate pair.
            return null;
        }
    }

    private void ReadField(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        string name = reader.GetString()!;
        reader.Read();
        switch (name)
        {
            case "type": Type = Text(ref reader) ?? ""; break;
            case "id": Id = Text(ref reader); break;
            case "channels": Channels = Texts(ref reader); break;
            case "patterns": Patterns = Texts(ref reader); break;
            case "data": Data = Text(ref reader); break;
            case "onSlow": OnSlow = Text(ref reader); break;
            case "token": Token = Text(ref reader); break;
            case "args": Args = Raw(ref reader, json); break;
            case "batch": Batch = Raw(ref reader, json); break;
            case "t": Time = Raw(ref reader, json); break;
            case "atomic": IsAtomic = reader.TokenType == JsonTokenType.True; break;
            default: ReadStreamField(name, ref reader); break;
        }
        reader.Skip();
    }

    /// <summary>Something that is no string is an empty one, which no rule accepts.</summary>
    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        _ => "",
    };

    private static List<string?> Texts(ref Utf8JsonReader reader)
    {
        var texts = new List<string?>();
        if (reader.TokenType != JsonTokenType.StartArray) return texts;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
            reader.Skip();
        }
        return texts;
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        int begin = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[begin..(int)reader.BytesConsumed];
    }
}
