using System.Buffers;
using System.Text.Json;
using Galley.Api.Doors;
using Galley.Resp.Protocol;

namespace Galley.Api.Rest;

/// <summary>
/// Reads commands from JSON straight into the bytes of a batch: a string as its UTF-8, a number as it was written, a
/// boolean as its word. The refusals are Upstash's.
/// </summary>
internal static class JsonArguments
{
    private const string NotArray = "ERR failed to parse request: expected JSON array";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    /// <summary>One command: <c>["SET","foo","bar","EX",100]</c>.</summary>
    public static void ReadCommand(in ReadOnlySequence<byte> json, CommandBatch batch)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            Expect(ref reader, in json);
            ReadRow(ref reader, batch);
            ExpectEnd(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Malformed(error);
        }
    }

    /// <summary>Several commands: <c>[["SET","foo","bar"],["GET","foo"]]</c>.</summary>
    public static void ReadCommands(in ReadOnlySequence<byte> json, CommandBatch batch)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            Expect(ref reader, in json);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartArray) throw RestException.BadRequest(NotArray);
                if (batch.Count == RestLimits.PipelineRowsMax)
                    throw RestException.BadRequest($"ERR a request may hold {RestLimits.PipelineRowsMax} commands at most");
                ReadRow(ref reader, batch);
            }
            ExpectEnd(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Malformed(error);
        }
        if (batch.Count == 0) throw RestException.BadRequest("ERR empty pipeline");
    }

    /// <summary>The reader stands at the [ of the row, and at its ] afterwards.</summary>
    private static void ReadRow(ref Utf8JsonReader reader, CommandBatch batch)
    {
        batch.BeginCommand();
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count > RespLimits.ArgumentsMax) throw RestException.BadRequest("ERR too many arguments");
            ReadArgument(ref reader, batch);
        }
        if (count == 0) throw RestException.BadRequest("ERR empty command");
    }

    private static void ReadArgument(ref Utf8JsonReader reader, CommandBatch batch)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                int lengthMax = reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
                batch.Advance(reader.CopyString(batch.GetSpan(lengthMax)));
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                if (!reader.HasValueSequence) batch.Append(reader.ValueSpan);
                else foreach (ReadOnlyMemory<byte> piece in reader.ValueSequence) batch.Append(piece.Span);
                break;
            case JsonTokenType.Null:
                throw RestException.BadRequest("ERR null args are not supported");
            case JsonTokenType.StartObject:
                throw RestException.BadRequest("ERR unsupported arg type: \"{\": json.Delim");
            default:
                throw RestException.BadRequest("ERR unsupported arg type: \"[\": json.Delim");
        }
        batch.EndArgument();
    }

    private static void Expect(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        if (json.IsEmpty) throw RestException.BadRequest("ERR failed to parse request: EOF");
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw RestException.BadRequest(NotArray);
    }

    private static void ExpectEnd(ref Utf8JsonReader reader)
    {
        // Whatever follows but white space makes the reader throw.
        reader.Read();
    }

    /// <summary>The reader's own words end with the place; its advice to programmers does not leave the house.</summary>
    public static RestException Malformed(Exception error) => RestException.BadRequest(error is JsonException json
        ? $"ERR failed to parse request: malformed JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}"
        : "ERR failed to parse request: a string is not valid UTF-8 or has half of a surrogate pair");
}
