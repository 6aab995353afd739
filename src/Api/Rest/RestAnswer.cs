namespace Galley.Api.Rest;

/// <summary>What is to be said to one request.</summary>
/// <param name="Form">Its shape: one object, or an array of rows.</param>
/// <param name="Format">How the client wants it.</param>
/// <param name="Resp">The replies in RESP2, one after another; of a transaction, the one of EXEC.</param>
/// <param name="StateNumber">The state of the data that they reflect.</param>
/// <param name="MayPack">The server may compress it.</param>
/// <param name="Rows">The commands of a pipeline.</param>
/// <param name="Refusals">Of a pipeline: why a row did not reach the engine, or null where it did; null where all did.</param>
internal readonly record struct RestAnswer(
    RestForm Form, ReplyFormat Format, ReadOnlyMemory<byte> Resp, long StateNumber, bool MayPack,
    int Rows = 1, string?[]? Refusals = null)
{
    public bool IsError => Resp.Length > 0 && Resp.Span[0] is (byte)'-' or (byte)'!';

    public bool IsBase64 => Format == ReplyFormat.Base64;

    public string? RefusalOf(int row) => Refusals?[row];
}
