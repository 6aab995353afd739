using System.Buffers;
using Galley.Api.Rest;
using Galley.Api.Streams;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <content>Frames about streams and groups.</content>
internal static partial class ServerFrames
{
    /// <summary>The beginning that all frames of a type for one id have.</summary>
    public static byte[] Head(string type, string id) => Build(output => WriteHead(output, type, id));

    /// <summary>The end of a stream was reached; what follows comes when it is added.</summary>
    public static byte[] CaughtUp(string id, ReaderStream stream) => Build(output =>
    {
        WriteHead(output, FrameTypes.CaughtUp, id);
        WriteText(output, ",\"stream\":"u8, stream.Key);
        WriteText(output, ",\"at\":"u8, stream.Position.Id.ToString());
        output.Write("}"u8);
    });

    /// <summary>The same of a group's consumer: what was pending for it and what was new to the group.</summary>
    public static byte[] CaughtUp(string id, string stream) => Build(output =>
    {
        WriteHead(output, FrameTypes.CaughtUp, id);
        WriteText(output, ",\"stream\":"u8, stream);
        output.Write("}"u8);
    });

    /// <summary>Entries of a stream are missing here.</summary>
    public static byte[] StreamGap(string id, string stream, StreamGap gap) => Build(output =>
    {
        WriteHead(output, FrameTypes.Gap, id);
        WriteGap(output, stream, gap);
        if (gap.MissingCount >= 0)
        {
            output.Write(",\"dropped\":"u8);
            WriteNumber(output, gap.MissingCount);
        }
        output.Write("}"u8);
    });

    public static byte[] GapError(string id, string stream, StreamGap gap) => Build(output =>
    {
        WriteHead(output, FrameTypes.Error, id);
        WriteText(output, ",\"code\":\"GAP\",\"message\":"u8, gap.Message);
        WriteGap(output, stream, gap);
        output.Write(",\"retry\":false,\"fatal\":false}"u8);
    });

    /// <summary>What the engine refuses; its code is its first word.</summary>
    /// <param name="request">Names the request that was refused, where the reader goes on.</param>
    public static byte[] Failure(string id, string text, string? request = null) => Build(output =>
    {
        WriteHead(output, FrameTypes.Error, id);
        if (request is not null) WriteText(output, ",\"req\":"u8, request);
        WriteError(output, text.Split(' ')[0], text, isFatal: false);
    });

    /// <summary>How many of the entries were acknowledged, or taken back.</summary>
    public static byte[] Counted(string type, ClientFrame frame, long count) => Build(output =>
    {
        WriteHead(output, type, frame.Id!);
        if (frame.Request is { } request) WriteText(output, ",\"req\":"u8, request);
        output.Write(",\"count\":"u8);
        WriteNumber(output, count);
        output.Write("}"u8);
    });

    /// <summary>What was claimed, where to go on, and what is pending no more, since its entry is gone.</summary>
    public static byte[] Claimed(ClientFrame frame, string stream, string cursor, byte[] entries, IEnumerable<StreamId> deleted) => Build(output =>
    {
        WriteHead(output, FrameTypes.Claimed, frame.Id!);
        if (frame.Request is { } request) WriteText(output, ",\"req\":"u8, request);
        WriteText(output, ",\"stream\":"u8, stream);
        WriteText(output, ",\"cursor\":"u8, cursor);
        output.Write(",\"entries\":["u8);
        output.Write(entries);
        output.Write("],\"deleted\":["u8);
        int count = 0;
        foreach (StreamId id in deleted) WriteText(output, count++ > 0 ? ","u8 : [], id.ToString());
        output.Write("]}"u8);
    });

    private static void WriteGap(ArrayBufferWriter<byte> output, string stream, StreamGap gap)
    {
        WriteText(output, ",\"stream\":"u8, stream);
        output.Write(","u8);
        gap.WriteFields(output);
    }

    private static void WriteText(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, string text)
    {
        output.Write(name);
        JsonText.WriteString(output, text);
    }
}
