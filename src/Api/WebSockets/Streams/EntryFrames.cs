using System.Buffers;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Api.Typed;

namespace Galley.Api.WebSockets;

/// <summary>Entries as what follows the head of an entries frame, which all who want this mode share.</summary>
internal static class EntryFrames
{
    private static readonly Func<SharedEntries, byte[]>[] Encoders =
    [
        entries => Encode(entries, DataMode.Utf8), entries => Encode(entries, DataMode.Json), entries => Encode(entries, DataMode.Base64),
    ];

    public static byte[] BodyOf(SharedEntries entries, DataMode mode) => entries.In(EntryForm.Frame, mode, Encoders[(int)mode]);

    private static byte[] Encode(SharedEntries entries, DataMode mode)
    {
        var output = new ArrayBufferWriter<byte>(entries.RespBytes + (entries.RespBytes / 4) + 128);
        output.Write(",\"stream\":"u8);
        JsonText.WriteString(output, entries.Stream);
        output.Write(",\"entries\":["u8);
        RespCursor cursor = entries.Read();
        for (int i = 0; i < entries.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            EntryText.Write(output, ref cursor, mode);
        }
        output.Write("]}"u8);
        return output.WrittenSpan.ToArray();
    }
}
