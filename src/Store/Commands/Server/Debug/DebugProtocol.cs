using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>DEBUG PROTOCOL: one reply of each type there is, for whoever writes a client.</summary>
internal static class DebugProtocol
{
    private static readonly (string Name, Action<RespWriter> Write)[] Replies =
    [
        ("string", reply => reply.Bulk("Hello World"u8)),
        ("integer", reply => reply.Integer(12345)),
        ("double", reply => reply.Double(3.141)),
        ("bignum", reply => reply.BigNumber("1234567999999999999999999999999999999"u8)),
        ("null", reply => reply.Null()),
        ("array", WriteArray),
        ("set", WriteSet),
        ("map", WriteMap),
        ("attrib", WriteAttribute),
        ("push", WritePush),
        ("verbatim", reply => reply.Verbatim("This is a verbatim\nstring"u8)),
        ("true", reply => reply.Boolean(true)),
        ("false", reply => reply.Boolean(false)),
    ];

    private static readonly string UnknownType =
        $"ERR Wrong protocol type name. Please use one of the following: {string.Join('|', Replies.Select(reply => reply.Name))}";

    public static void Run(Execution x)
    {
        foreach ((string name, Action<RespWriter> write) in Replies)
        {
            if (!System.Text.Ascii.EqualsIgnoreCase(x.Args[2], name)) continue;
            write(x.Reply);
            return;
        }
        x.Reply.Error(UnknownType);
    }

    private static void WriteArray(RespWriter reply)
    {
        reply.Array(3);
        for (int i = 0; i < 3; i++) reply.Integer(i);
    }

    private static void WriteSet(RespWriter reply)
    {
        reply.Set(3);
        for (int i = 0; i < 3; i++) reply.Integer(i);
    }

    private static void WriteMap(RespWriter reply)
    {
        reply.Map(3);
        for (int i = 0; i < 3; i++)
        {
            reply.Integer(i);
            reply.Boolean(i == 1);
        }
    }

    /// <summary>In RESP2 what the attribute belongs to stands alone.</summary>
    private static void WriteAttribute(RespWriter reply)
    {
        if (reply.Version != RespVersion.Resp2)
        {
            reply.Attribute(1);
            reply.Bulk("key-popularity"u8);
            reply.Array(2);
            reply.Bulk("key:123"u8);
            reply.Integer(90);
        }
        reply.Bulk("Some real reply following the attribute"u8);
    }

    private static void WritePush(RespWriter reply)
    {
        if (reply.Version == RespVersion.Resp2)
        {
            reply.Error("ERR RESP2 is not supported by this command"u8);
            return;
        }
        reply.Push(2);
        reply.Bulk("server-cpu-usage"u8);
        reply.Integer(42);
        reply.Bulk("Some real reply following the push reply"u8);
    }
}
