using System.Buffers;
using System.Text;
using Galley.Api.Rest;
using Galley.Store.Types;

namespace Galley.Api.Streams;

/// <summary>Entries are missing behind a position: they have been trimmed, or the stream is gone.</summary>
/// <param name="Requested">Behind this one.</param>
/// <param name="First">The first entry that is left, or null.</param>
/// <param name="MissingCount">How many, or -1.</param>
internal readonly record struct StreamGap(StreamId Requested, StreamId? First, long MissingCount)
{
    public string Message => $"GAP entries behind {Requested} have been removed";

    public static StreamGap Behind(StreamPosition position, StreamPage page, long missingCount = -1) =>
        new(position.Id, page.Length > 0 ? page.First : null, missingCount);

    /// <summary>Writes two fields of an object: <c>"requested":"1-0","first":"4-0"</c>.</summary>
    public void WriteFields(IBufferWriter<byte> output)
    {
        output.Write(Encoding.ASCII.GetBytes($"\"requested\":\"{Requested}\",\"first\":"));
        if (First is { } first) JsonText.WriteString(output, first.ToString());
        else output.Write("null"u8);
    }
}
