namespace Galley.Api.Rest;

/// <summary>The request is refused: a status, and the text of its JSON body.</summary>
internal sealed class RestException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static RestException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
