using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Streams;
using Galley.Api.WebSockets;
using Galley.Store.Configuration;

namespace Galley.Api.Events;

/// <summary>What all doors of events share.</summary>
internal sealed record EventServices(
    IEngineDoor Engine, Settings Settings, SocketCredentials Credentials, EventStreams Streams, Fanout Fanout, CommandBatchPool Batches,
    StreamTails Tails);
