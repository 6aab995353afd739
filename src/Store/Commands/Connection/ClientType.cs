namespace Galley.Store.Commands;

/// <summary>The types by which CLIENT LIST and KILL choose clients.</summary>
internal static class ClientType
{
    public enum Kind : byte
    {
        Normal,
        Replica,
        PubSub,
        Primary,
    }

    public static Kind Of(Session session) => session.IsSubscribed ? Kind.PubSub : Kind.Normal;

    /// <summary>Reads a type, or replies that it is none.</summary>
    public static bool TryParse(Execution x, int argument, out Kind kind)
    {
        kind = default;
        if (x.Is(argument, "NORMAL"u8)) kind = Kind.Normal;
        else if (x.Is(argument, "SLAVE"u8) || x.Is(argument, "REPLICA"u8)) kind = Kind.Replica;
        else if (x.Is(argument, "PUBSUB"u8)) kind = Kind.PubSub;
        else if (x.Is(argument, "MASTER"u8) || x.Is(argument, "PRIMARY"u8)) kind = Kind.Primary;
        else
        {
            x.Reply.Error($"ERR Unknown client type '{PrintedText.Of(x.Args[argument])}'");
            return false;
        }
        return true;
    }
}
