using System.Text;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Store.Configuration;

namespace Galley.Api.Events;

/// <summary>
/// A session of the engine that does nothing but listen: one command begins it (SUBSCRIBE, PSUBSCRIBE, MONITOR), and what
/// is pushed to it from then on becomes events of a stream, until the stream ends. <c>client-output-buffer-limit pubsub</c>
/// bounds what waits, and CLIENT KILL ends it.
/// </summary>
internal sealed class EventListener : IPushTarget, IReceiver, IDisposable
{
    private readonly Fanout _fanout;
    private readonly EventStream _stream;
    private readonly IEventForm _form;
    private readonly IDoorSession _session;
    private readonly Settings _settings;

    private EventListener(EventServices services, EventStream stream, IEventForm form, string remoteAddress)
    {
        _fanout = services.Fanout;
        _settings = services.Settings;
        _stream = stream;
        _form = form;
        _session = services.Engine.Open(DoorKind.Http, remoteAddress, this);
    }

    long IPushTarget.PendingBytes => _stream.PendingBytes;

    /// <summary>Runs the command, and serves the stream to its end.</summary>
    /// <param name="command">It goes back to the others once it has run.</param>
    /// <exception cref="RestException">The command has failed.</exception>
    public static async Task ServeAsync(
        EventServices services, HttpContext context, EventStream stream, DoorClient client, CommandBatch command, IEventForm form)
    {
        using var listener = new EventListener(services, stream, form, RemoteAddressOf(context));
        byte[] opening = await listener.BeginAsync(client, command, context.Response);
        services.Batches.Return(command);
        await stream.RunAsync(opening);
    }

    void IPushTarget.Push(ReadOnlyMemory<byte> resp, long logOffset) => _fanout.Push(this, resp, logOffset);

    void IPushTarget.Kill(bool afterReply) => _stream.CutOff();

    void IReceiver.Receive(SharedMessage message)
    {
        // Alone it is more than may wait: it would be encoded for a stream that is cut off with the next.
        long bytesMax = _settings.ClientOutputBufferLimit.PubSub.HardBytes;
        if (bytesMax > 0 && message.Payload.Length > bytesMax) _stream.CutOff();
        else _stream.Send(_form.EventOf(message));
    }

    void IReceiver.Overflow() => _stream.CutOff();

    public void Dispose() => _session.Dispose();

    private async ValueTask<byte[]> BeginAsync(DoorClient client, CommandBatch command, HttpResponse response)
    {
        _session.Client = client;
        DoorReply reply = await _session.ExecuteAsync(command, isAtomic: false);
        if (reply.Resp.Span[0] == (byte)'-') throw RefusalOf(reply.Resp.Span);
        response.Headers[SyncToken.Header] = SyncToken.Of(reply.StateNumber);
        return _form.OpeningOf(reply.Resp);
    }

    private static RestException RefusalOf(ReadOnlySpan<byte> respError) =>
        new(RestErrors.StatusOf(respError), Encoding.UTF8.GetString(respError[1..respError.IndexOf("\r\n"u8)]));

    public static string RemoteAddressOf(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
}
