using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Api.WebSockets;
using Galley.Store.Types;

namespace Galley.Api.Events;

/// <summary>
/// <c>GET /v1/streams/{key}/events</c>, for <c>EventSource</c> in pages and whoever reads server-sent events: the entries of
/// a stream, those that are there and those that come. A client that comes back goes on behind the last one that it has
/// had: <c>EventSource</c> shows it by itself, in <c>Last-Event-ID</c>.
/// </summary>
internal sealed class StreamEventDoor(EventServices services)
{
    public const string Path = Root + "/{key}" + EventAddress.End;

    private const string Root = "/v1/streams";
    private const string DatabaseSegment = "/db/";
    private const string LastEventIdHeader = "Last-Event-ID";
    private const string MethodsAllowed = "GET, HEAD, OPTIONS";

    private readonly EventServices _services = services;
    private readonly int _prefixSegments = RestAddress.SegmentsOf(services.Settings.HttpPathPrefix);

    /// <summary>The request is for the events of a stream, in whatever database.</summary>
    public static bool IsMeant(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        if (!path.EndsWith(EventAddress.End, StringComparison.Ordinal)) return false;
        int root = path.IndexOf(Root + "/", StringComparison.Ordinal);
        bool isInDatabase = root > DatabaseSegment.Length && path.StartsWith(DatabaseSegment, StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(DatabaseSegment.Length..root), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return root == 0 || isInDatabase;
    }

    /// <summary>Serves the stream to its end. A refusal is a problem, as everywhere in /v1 where keys are.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            string method = context.Request.Method;
            if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) throw RestDoor.WrongMethod(context, MethodsAllowed);
            SocketGrant grant = _services.Credentials.OfStream(context);
            if (HttpMethods.IsHead(method)) return;

            EntryRequest request = Read(context, grant);
            using EventStream stream = _services.Streams.Enter(context, grant);
            await EntryListener.ServeAsync(_services, context, stream, request);
        }
        catch (RestException refusal)
        {
            await Problem.OfRefusal(refusal.Status, refusal.Message).WriteAsync(context);
        }
    }

    private EntryRequest Read(HttpContext context, SocketGrant grant)
    {
        var address = RestAddress.Read(Access.RawTarget(context), context.Request.PathBase.HasValue ? _prefixSegments : 0);
        int databases = _services.Settings.Databases;
        if (address.DatabaseId >= databases)
            throw RestException.BadRequest($"ERR DB index is out of range. The server has {databases} databases, from /db/0 on");
        IQueryCollection query = context.Request.Query;
        var client = new DoorClient(address.DatabaseId, grant.IsReadOnly, IsLenient: false);
        return new EntryRequest(client, ReadKey(in address), ReadPosition(context.Request), ChannelEventDoor.ReadMode(query), ReadSkipsGaps(query));
    }

    private string ReadKey(in RestAddress address)
    {
        ReadOnlySpan<char> name = EventAddress.NameIn(in address, Root);
        CommandBatch words = _services.Batches.Rent();
        words.BeginCommand();
        PathCommand.AddSegment(name, words);
        ReadOnlySpan<byte> key = words[0][0];
        bool isText = Utf8.IsValid(key);
        string text = Encoding.UTF8.GetString(key);
        _services.Batches.Return(words);
        return isText ? text : throw RestException.BadRequest("ERR the key of a stream that is read as events must be UTF-8");
    }

    /// <summary>Behind what the stream is read: where the client was, or what it asks for; null is the end.</summary>
    private static StreamId? ReadPosition(HttpRequest request)
    {
        string last = request.Headers[LastEventIdHeader].ToString();
        if (last.Length == 0) last = request.Query["lastEventId"].ToString();
        if (last.Length > 0) return ReadId(last) ?? throw RestException.BadRequest("ERR Last-Event-ID must be the identifier of an entry");
        string from = request.Query["from"].ToString();
        if (from is "" or "$") return null;
        return ReadId(from) ?? throw RestException.BadRequest("ERR from must be $, 0 or the identifier of an entry");
    }

    private static StreamId? ReadId(string text) =>
        text.Length <= StreamId.TextBytesMax && StreamId.TryParse(Encoding.UTF8.GetBytes(text), 0, out StreamId id) ? id : null;

    private static bool ReadSkipsGaps(IQueryCollection query) => query["onGap"].ToString() switch
    {
        "" or "skip" => true,
        "error" => false,
        _ => throw RestException.BadRequest("ERR onGap must be skip or error"),
    };
}
