using System.Buffers;
using System.IO.Pipelines;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Store.Commands;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Galley.Api.Backups;

/// <summary>
/// <c>GET /v1/backup</c>: the data of one moment, as an RDB file, for whoever may SAVE. Nothing is written here, and nothing
/// stops meanwhile. A response that ends early has failed: an RDB file ends with its checksum.
/// </summary>
internal sealed class BackupDoor(IEngineDoor engine, Access access)
{
    public const string Path = "/v1/backup";

    /// <summary>While it is read no other snapshot can begin: who reads more slowly than this, after a while, is cut off.</summary>
    private static readonly MinDataRate SlowestReader = new(bytesPerSecond: 128 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    private readonly IEngineDoor _engine = engine;
    private readonly Access _access = access;

    public void Map(WebApplication app) =>
        app.MapGet(Path, (Delegate)ServeAsync).WithTags("Backup")
            .WithSummary("The data of one moment, as an RDB file.")
            .WithDescription("For whoever may SAVE. The file is a snapshot without a fork: the server goes on meanwhile. It ends with its "
                + "checksum; a response that ends early has failed. Another snapshot that is under way refuses it with 503.")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            if (_access.GrantOf(context) != Grant.Full)
                throw new RestException(StatusCodes.Status403Forbidden, "NOPERM this user has no permissions to run the 'save' command");
            (ISnapshotStream? stream, string error) = await _engine.BeginBackupAsync(context.RequestAborted);
            using (stream)
            {
                if (stream is null) throw Refusal(error);
                await SendAsync(context, stream);
            }
        }
        catch (RestException refusal)
        {
            await Problem.OfRefusal(refusal.Status, refusal.Message).WriteAsync(context);
        }
    }

    /// <summary>What has no code of its own passes: it is worth another try.</summary>
    private static RestException Refusal(string error) =>
        new(error.StartsWith("ERR ", StringComparison.Ordinal) ? StatusCodes.Status503ServiceUnavailable : Problem.OfError(error).Status, error);

    private static async Task SendAsync(HttpContext context, ISnapshotStream stream)
    {
        HttpResponse response = context.Response;
        response.ContentType = "application/octet-stream";
        response.Headers.ContentDisposition = "attachment; filename=\"dump.rdb\"";
        response.Headers.CacheControl = "no-store";
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = SlowestReader;
        try
        {
            await CopyAsync(stream, response.BodyWriter, context.RequestAborted);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // What was sent is no whole file, and must not look like one.
            context.Abort();
        }
    }

    private static async Task CopyAsync(ISnapshotStream stream, PipeWriter output, CancellationToken aborted)
    {
        while (true)
        {
            ReadResult read = await stream.Bytes.ReadAsync(aborted);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                await output.WriteAsync(piece, aborted);
                stream.HasRead(piece.Length);
            }
            stream.Bytes.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}
