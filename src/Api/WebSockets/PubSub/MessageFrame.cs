using System.Buffers;
using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>
/// Of a frame with a message, only the beginning (whose subscription) and the end (its number) are each receiver's own.
/// <code>
///   {"type":"message","id":"s1"  ,"channel":"a","data":"..","n":  1}
///   the subscription's           shared                           the frame's
/// </code>
/// </summary>
internal static class MessageFrame
{
    /// <summary>The part of the frame that all who want this mode share.</summary>
    public static byte[] SharedPart(SharedMessage message, DataMode mode) => mode switch
    {
        DataMode.Json => message.In(MessageForm.SocketJson, static message => Encode(message, DataMode.Json)),
        DataMode.Base64 => message.In(MessageForm.SocketBase64, static message => Encode(message, DataMode.Base64)),
        _ => message.In(MessageForm.SocketUtf8, static message => Encode(message, DataMode.Utf8)),
    };

    private static byte[] Encode(SharedMessage message, DataMode mode)
    {
        var output = new ArrayBufferWriter<byte>(message.Payload.Length + 128);
        output.Write(","u8);
        MessageJson.WriteFields(output, message, mode);
        output.Write(",\"n\":"u8);
        return output.WrittenSpan.ToArray();
    }
}
