using Galley.Api.Rest;

namespace Galley.Api.Events;

/// <summary>Addresses of events: <c>/v1/channels/{channel}/events</c>, <c>/v1/streams/{key}/events</c>.</summary>
internal static class EventAddress
{
    public const string End = "/events";

    /// <summary>The name between root and end: one segment, as it was sent. <c>a%2Fb</c> is the name <c>a/b</c>.</summary>
    /// <param name="root">Where such addresses begin, without the slash that follows.</param>
    /// <exception cref="RestException">The address has another form.</exception>
    public static ReadOnlySpan<char> NameIn(in RestAddress address, string root)
    {
        ReadOnlySpan<char> path = address.Path;
        bool isWhole = path.Length > root.Length + End.Length && path.StartsWith(root + "/", StringComparison.Ordinal)
            && path.EndsWith(End, StringComparison.Ordinal);
        ReadOnlySpan<char> name = isWhole ? path[(root.Length + 1)..^End.Length] : "/";
        return name.Contains('/')
            ? throw new RestException(StatusCodes.Status404NotFound, $"ERR no such address: it is {root}/NAME{End}, a slash in a name being %2F")
            : name;
    }
}
