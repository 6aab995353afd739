using System.Buffers;
using System.Text;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>Entries on their way to a consumer of a group, as JSON.</summary>
internal sealed class EntryList(DataMode mode)
{
    private readonly DataMode _mode = mode;
    private readonly ArrayBufferWriter<byte> _output = new();

    public int Count { get; private set; }

    /// <summary>They stand one after another, with commas between.</summary>
    public byte[] Content => _output.WrittenSpan.ToArray();

    /// <summary>Adds the entry at the cursor, which moves behind it.</summary>
    public void Add(ref RespCursor entry, Delivery delivery)
    {
        if (Count++ > 0) _output.Write(","u8);
        EntryText.Write(_output, ref entry, _mode, delivery);
    }

    /// <summary>What follows the head of an entries frame.</summary>
    public byte[] Body(string stream)
    {
        var body = new ArrayBufferWriter<byte>(_output.WrittenCount + stream.Length + 64);
        body.Write(",\"stream\":"u8);
        JsonText.WriteString(body, stream);
        body.Write(",\"entries\":["u8);
        body.Write(_output.WrittenSpan);
        body.Write("]}"u8);
        return body.WrittenSpan.ToArray();
    }
}
