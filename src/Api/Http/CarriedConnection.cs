using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Galley.Api.Http;

/// <summary>
/// A connection of one endpoint, lent to another: its bytes and its peer, but not its end. Whoever lent it disposes of it
/// once the borrower has.
/// </summary>
internal sealed class CarriedConnection(ConnectionContext connection) : ConnectionContext
{
    private readonly ConnectionContext _connection = connection;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the borrower has done with it.</summary>
    public Task Ended => _ended.Task;

    public override IDuplexPipe Transport { get; set; } = connection.Transport;

    public override string ConnectionId { get; set; } = connection.ConnectionId;

    /// <summary>What the borrower sets stays here.</summary>
    public override IFeatureCollection Features { get; } = new FeatureCollection(connection.Features);

    public override IDictionary<object, object?> Items { get; set; } = connection.Items;

    public override CancellationToken ConnectionClosed { get; set; } = connection.ConnectionClosed;

    public override EndPoint? LocalEndPoint { get; set; } = connection.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; set; } = connection.RemoteEndPoint;

    public override void Abort(ConnectionAbortedException abortReason) => _connection.Abort(abortReason);

    public override ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        return base.DisposeAsync();
    }
}
