using System.Globalization;
using System.Text;

namespace Galley.Store.Commands;

/// <summary>DEBUG CLIENT-EVICTION: how many clients hold how much, in classes that double, as redis-server shows them.</summary>
internal static class DebugClientEviction
{
    /// <summary>What is less is in the first class, what is 2^32 or more in the last.</summary>
    private const int FirstBits = 15;
    private const int LastBits = 32;

    public static void Run(Execution x)
    {
        if (x.Server.Memory.Clients.LimitBytes == 0)
        {
            x.Reply.Error("ERR maxmemory-clients is disabled."u8);
            return;
        }
        Span<(long Bytes, int Count)> classes = stackalloc (long, int)[LastBits - FirstBits + 1];
        classes.Clear();
        foreach (Session session in x.Server.Sessions.All)
        {
            if (session.IsSparedFromEviction) continue;
            long bytes = SessionMemory.Of(session);
            ref (long Bytes, int Count) among = ref classes[ClassOf(bytes)];
            among = (among.Bytes + bytes, among.Count + 1);
        }
        var text = new StringBuilder();
        for (int i = 0; i < classes.Length; i++) Append(text, i, classes[i].Bytes, classes[i].Count);
        x.Reply.Verbatim(Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static int ClassOf(long bytes) => Math.Clamp(System.Numerics.BitOperations.Log2((ulong)bytes) - FirstBits + 1, 0, LastBits - FirstBits);

    private static void Append(StringBuilder text, int index, long bytes, int count)
    {
        long from = index == 0 ? 0 : 1L << (FirstBits + index - 1);
        string upTo = index == LastBits - FirstBits ? "+            " : string.Create(CultureInfo.InvariantCulture, $" - {(1L << (FirstBits + index)) - 1,10}");
        text.Append(CultureInfo.InvariantCulture, $"bucket {from,10}{upTo}: tot-mem: {bytes,10}, clients: {count}\n");
    }
}
