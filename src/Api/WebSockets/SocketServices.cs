using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Streams;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>What all sockets share.</summary>
internal sealed record SocketServices(
    IEngineDoor Engine, Settings Settings, SocketCredentials Credentials, Fanout Fanout, Heartbeat Heartbeat, CommandBatchPool Batches,
    StreamTails Tails, GroupDesks Groups);
