using Galley.Api.Doors;

namespace Galley.Api.Streams;

/// <summary>The ends of all streams at which somebody stands.</summary>
internal sealed class StreamTails(IEngineDoor engine, CommandBatchPool batches)
{
    private const string Address = "";

    /// <summary>Who has looked so often, and found nothing, stands at the end, and the tail does not: the stream was made anew.</summary>
    private const int FutileMax = 3;

    private readonly Lock _lock = new();
    private readonly IEngineDoor _engine = engine;
    private readonly CommandBatchPool _batches = batches;
    private readonly Dictionary<(int DatabaseId, string Stream), StreamTail> _tails = [];

    /// <summary>Stands at the end of its stream; false when something has come that the reader has not read.</summary>
    public bool TryJoin(int databaseId, TailPlace place)
    {
        (int DatabaseId, string Stream) key = (databaseId, place.Stream.Key);
        lock (_lock)
        {
            if (_tails.TryGetValue(key, out StreamTail? present))
            {
                if (present.TryJoin(place)) return true;
                if (place.Stream.FutileCount < FutileMax) return false;
                End(key, present);
            }
            IDoorSession session = _engine.Open(DoorKind.WebSocket, Address);
            session.Client = new DoorClient(databaseId, IsReadOnly: false, IsLenient: false);
            var tail = new StreamTail(_batches, session, key.Stream, place.Position, ended => End(key, ended));
            tail.TryJoin(place);
            _tails.Add(key, tail);
            ThreadPool.UnsafeQueueUserWorkItem(tail, preferLocal: false);
            return true;
        }
    }

    /// <summary>The reader goes; with the last one the tail.</summary>
    public void Leave(int databaseId, TailPlace place)
    {
        (int DatabaseId, string Stream) key = (databaseId, place.Stream.Key);
        lock (_lock)
            if (_tails.TryGetValue(key, out StreamTail? tail) && tail.Leave(place)) End(key, tail);
    }

    /// <summary>Nobody comes to it any more.</summary>
    private void End((int DatabaseId, string Stream) key, StreamTail tail)
    {
        lock (_lock)
        {
            if (_tails.GetValueOrDefault(key) != tail) return;
            _tails.Remove(key);
            tail.Stop();
        }
    }
}
