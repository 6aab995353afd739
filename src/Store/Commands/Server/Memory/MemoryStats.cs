using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>MEMORY STATS: the figures of INFO memory by other names, and what each database takes to find its keys.</summary>
internal static class MemoryStats
{
    public static void Write(Execution x)
    {
        MemoryFigures memory = MemoryFigures.Of(x.Server);
        Deferred start = x.Reply.BeginDeferred();
        var map = new MapWriter(x.Reply);
        WriteParts(ref map, memory);
        for (int id = 0; id < x.Server.Databases.Count; id++)
            if (x.Server.Databases[id].Count > 0) WriteDatabase(ref map, x.Server.Databases[id]);
        WriteWhole(ref map, memory);
        WriteRatios(ref map, memory);
        x.Reply.EndMap(start, map.Pairs);
    }

    private static void WriteParts(ref MapWriter map, in MemoryFigures memory)
    {
        map.Integer("peak.allocated", memory.PeakBytes);
        map.Integer("total.allocated", memory.UsedBytes);
        map.Integer("startup.allocated", MemoryFigures.StartupBytes);
        map.Integer("replication.backlog", 0);
        map.Integer("clients.slaves", 0);
        map.Integer("clients.normal", memory.ClientBytes);
        map.Integer("cluster.links", 0);
        map.Integer("aof.buffer", memory.LogBufferBytes);
        map.Integer("lua.caches", memory.Scripting.ScriptBytes);
        map.Integer("functions.caches", memory.Scripting.FunctionBytes);
    }

    private static void WriteDatabase(ref MapWriter map, Database database)
    {
        RespWriter reply = map.Key($"db.{database.Id}");
        var inner = new MapWriter(reply);
        reply.Map(3);
        inner.Integer("overhead.hashtable.main", database.TableBytes);
        inner.Integer("overhead.hashtable.expires", database.ExpiryBytes);
        inner.Integer("overhead.hashtable.slot-to-keys", 0);
    }

    private static void WriteWhole(ref MapWriter map, in MemoryFigures memory)
    {
        map.Integer("overhead.total", memory.OverheadBytes);
        map.Integer("keys.count", memory.KeyCount);
        map.Integer("keys.bytes-per-key", memory.BytesPerKey);
        map.Integer("dataset.bytes", memory.DatasetBytes);
        map.Double("dataset.percentage", memory.DatasetPercent);
        map.Double("peak.percentage", memory.PeakPercent);
        map.Integer("allocator.allocated", memory.ArenaBytes);
        map.Integer("allocator.active", memory.ActiveBytes);
        map.Integer("allocator.resident", memory.ResidentBytes);
    }

    private static void WriteRatios(ref MapWriter map, in MemoryFigures memory)
    {
        map.Double("allocator-fragmentation.ratio", memory.AllocatorRatio);
        map.Integer("allocator-fragmentation.bytes", memory.ActiveBytes - memory.ArenaBytes);
        map.Double("allocator-rss.ratio", memory.AllocatorResidentRatio);
        map.Integer("allocator-rss.bytes", memory.ResidentBytes - memory.ActiveBytes);
        map.Double("rss-overhead.ratio", memory.ProcessRatio);
        map.Integer("rss-overhead.bytes", memory.ProcessBytes - memory.ResidentBytes);
        map.Double("fragmentation", memory.FragmentationRatio);
        map.Integer("fragmentation.bytes", memory.ProcessBytes - memory.UsedBytes);
    }

    /// <summary>Writes the pairs of a map and counts them.</summary>
    private struct MapWriter(RespWriter reply)
    {
        private readonly RespWriter _reply = reply;

        public int Pairs { get; private set; }

        public RespWriter Key(string name)
        {
            _reply.Bulk(name);
            Pairs++;
            return _reply;
        }

        public void Integer(string name, long value) => Key(name).Integer(value);

        public void Double(string name, double value) => Key(name).Double(value);
    }
}
