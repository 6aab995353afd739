using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.WebSockets;

namespace Galley.Api.Events;

/// <summary>
/// <c>GET /v1/channels/{channel}/events</c>, for <c>EventSource</c> in pages and whoever reads server-sent events: the
/// messages of a channel, or with <c>?pattern=1</c> of all channels that match one. A page cannot set headers: it shows a
/// ticket, as for a WebSocket.
/// </summary>
internal sealed class ChannelEventDoor(EventServices services)
{
    public const string Path = Root + "/{channel}" + EventAddress.End;

    private const string Root = "/v1/channels";
    private const string MethodsAllowed = "GET, HEAD, OPTIONS";

    private readonly EventServices _services = services;
    private readonly int _prefixSegments = RestAddress.SegmentsOf(services.Settings.HttpPathPrefix);

    /// <summary>The request is for the events of a channel.</summary>
    public static bool IsMeant(HttpRequest request) =>
        request.Path.StartsWithSegments(Root, StringComparison.Ordinal, out PathString rest)
        && rest.HasValue && rest.Value!.EndsWith(EventAddress.End, StringComparison.Ordinal);

    /// <exception cref="RestException">The request is refused, or the command has failed.</exception>
    public async Task ServeAsync(HttpContext context)
    {
        string method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) throw RestDoor.WrongMethod(context, MethodsAllowed);
        SocketGrant grant = _services.Credentials.OfStream(context);
        if (HttpMethods.IsHead(method)) return;

        bool isPattern = ReadPattern(context.Request.Query);
        var form = ChannelEvents.In(ReadMode(context.Request.Query));
        CommandBatch command = _services.Batches.Rent();
        ReadCommand(context, isPattern, command);
        if (grant.Refusal(command[0][1].ToArray(), isPattern) is { } denied) throw new RestException(StatusCodes.Status403Forbidden, denied);
        using EventStream stream = _services.Streams.Enter(context, grant);
        var client = new DoorClient(DatabaseId: 0, grant.IsReadOnly, IsLenient: false);
        await EventListener.ServeAsync(_services, context, stream, client, command, form);
    }

    private void ReadCommand(HttpContext context, bool isPattern, CommandBatch command)
    {
        var address = RestAddress.Read(Access.RawTarget(context), context.Request.PathBase.HasValue ? _prefixSegments : 0);
        ReadOnlySpan<char> name = EventAddress.NameIn(in address, Root);
        command.BeginCommand();
        command.Add(isPattern ? "PSUBSCRIBE"u8 : "SUBSCRIBE"u8);
        PathCommand.AddSegment(name, command);
    }

    private static bool ReadPattern(IQueryCollection query) => query["pattern"].ToString() switch
    {
        "" or "0" or "false" => false,
        "1" or "true" => true,
        _ => throw RestException.BadRequest("ERR pattern must be 1 or 0"),
    };

    /// <summary>How what has been sent is written.</summary>
    public static DataMode ReadMode(IQueryCollection query) => query["data"].ToString() switch
    {
        "" or "utf8" => DataMode.Utf8,
        "json" => DataMode.Json,
        "base64" => DataMode.Base64,
        _ => throw RestException.BadRequest("ERR data must be utf8, json or base64"),
    };
}
