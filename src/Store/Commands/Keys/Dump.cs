using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Commands;

internal static class Dump
{
    [Command("DUMP", "key", Group.Generic, Flags.ReadOnly, Since = "2.6.0", Cost = "O(N) in the bytes of the value",
        Keys = "RO ACCESS", Tips = "nondeterministic_output", Summary = "Replies with a value as RESTORE takes it, here or on another server.")]
    public static void Run(Execution x)
    {
        Key key = x.Read(1);
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        RdbWriter writer = x.Server.DumpWriter;
        SnapshotEntry entry = key.Entry;
        DumpPayload.Write(writer, in entry);
        x.Reply.Bulk(writer.Written);
        writer.Clear();
    }
}
