using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FluentValidation.Results;

namespace Galley.Api.Typed;

/// <summary>
/// Why an operation failed, as RFC 9457 says it: <c>type</c>, <c>title</c>, <c>status</c> and <c>detail</c>, and beside
/// them <c>code</c> (the first word of Redis's error), <c>requestId</c>, and for a body that does not fit <c>errors</c>,
/// each with the JSON pointer of its place.
/// </summary>
internal sealed record Problem(int Status, ProblemCode Code, string Detail)
{
    private const string MediaType = "application/problem+json";

    /// <summary>Seconds after which a server that is loading or busy is worth another try.</summary>
    private const string RetryAfterSeconds = "1";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<ValidationFailure> Errors { get; init; } = [];

    /// <summary>An error reply of the engine.</summary>
    public static Problem OfError(string error)
    {
        ProblemCode code = ProblemCode.OfError(error);
        bool isOurs = error.StartsWith("ERR internal error", StringComparison.Ordinal);
        return new Problem(isOurs ? StatusCodes.Status500InternalServerError : code.Status, code, error);
    }

    public static Problem OfRefusal(int status, string error) => new(status, ProblemCode.OfError(error), error);

    public static Problem Named(string code, string detail)
    {
        ProblemCode found = ProblemCode.Find(code)!;
        return new Problem(found.Status, found, detail);
    }

    public async Task WriteAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        var body = new ArrayBufferWriter<byte>();
        Write(body, context.TraceIdentifier);
        context.Response.StatusCode = Status;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = body.WrittenCount;
        if (Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await context.Response.Body.WriteAsync(body.WrittenMemory);
    }

    private void Write(ArrayBufferWriter<byte> body, string requestId)
    {
        using var json = new Utf8JsonWriter(body, Options);
        json.WriteStartObject();
        json.WriteString("type", Code.Type);
        json.WriteString("title", Code.Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Code.Code);
        json.WriteString("requestId", requestId);
        if (Errors.Count > 0) WriteErrors(json);
        json.WriteEndObject();
    }

    private void WriteErrors(Utf8JsonWriter json)
    {
        json.WriteStartArray("errors");
        foreach (ValidationFailure error in Errors)
        {
            json.WriteStartObject();
            json.WriteString("pointer", error.PropertyName);
            json.WriteString("detail", error.ErrorMessage);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
