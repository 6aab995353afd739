using System.Text.Json;

namespace Galley.Api.WebSockets;

/// <content>What frames about streams and groups have.</content>
internal sealed partial class ClientFrame
{
    /// <summary>Of stream.read: each key, and behind what it is read: <c>$</c>, or an identifier.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>>? Streams { get; private set; }

    /// <summary>What happens where entries are missing: error or skip.</summary>
    public string? OnGap { get; private set; }

    /// <summary>Entries that may be sent. Like all numbers here, -1 is what is no whole number from 0 on.</summary>
    public long? Credit { get; private set; }

    /// <summary>More credit.</summary>
    public long? More { get; private set; }

    public string? Stream { get; private set; }

    public string? Group { get; private set; }

    public string? Consumer { get; private set; }

    /// <summary>Of group.read: pending or new; of claim: the identifier from which it looks.</summary>
    public string? Start { get; private set; }

    /// <summary>The group is made, where it is missing, behind this identifier.</summary>
    public string? CreateAt { get; private set; }

    /// <summary>The stream is made with it.</summary>
    public bool CreatesStream { get; private set; }

    /// <summary>Entries that nobody has touched for so many milliseconds are claimed.</summary>
    public long? ClaimIdleMs { get; private set; }

    /// <summary>What is given counts as done.</summary>
    public bool IsUnacknowledged { get; private set; }

    /// <summary>Names a request about a reader, whose id the frame has.</summary>
    public string? Request { get; private set; }

    public IReadOnlyList<string?>? EntryIds { get; private set; }

    public long? DelayMs { get; private set; }

    public long? MinIdleMs { get; private set; }

    public long? Count { get; private set; }

    private void ReadStreamField(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "streams": Streams = Pairs(ref reader); break;
            case "onGap": OnGap = Text(ref reader); break;
            case "credit": Credit = Whole(ref reader); break;
            case "n": More = Whole(ref reader); break;
            case "stream": Stream = Text(ref reader); break;
            case "group": Group = Text(ref reader); break;
            case "consumer": Consumer = Text(ref reader); break;
            case "start": Start = Text(ref reader); break;
            case "create": ReadCreation(ref reader); break;
            case "claimIdle": ClaimIdleMs = Whole(ref reader); break;
            case "noack": IsUnacknowledged = reader.TokenType == JsonTokenType.True; break;
            case "req": Request = Text(ref reader); break;
            case "ids": EntryIds = Texts(ref reader); break;
            case "delay": DelayMs = Whole(ref reader); break;
            case "minIdle": MinIdleMs = Whole(ref reader); break;
            case "count": Count = Whole(ref reader); break;
        }
    }

    private void ReadCreation(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        CreateAt = reader.TokenType == JsonTokenType.StartObject ? "$" : "";
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "at") CreateAt = Text(ref reader) ?? "$";
            else if (name == "mkstream") CreatesStream = reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }
    }

    private static List<KeyValuePair<string, string?>> Pairs(ref Utf8JsonReader reader)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        if (reader.TokenType != JsonTokenType.StartObject) return pairs;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            pairs.Add(new KeyValuePair<string, string?>(name, Text(ref reader)));
            reader.Skip();
        }
        return pairs;
    }

    private static long? Whole(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt64(out long number) && number >= 0 => number,
        _ => -1,
    };
}
