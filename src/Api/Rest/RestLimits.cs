namespace Galley.Api.Rest;

/// <summary>What one HTTP request may ask. Kestrel's own limits lie above where a refusal is to be read to its end.</summary>
public static class RestLimits
{
    /// <summary>A body beyond <c>http-max-body-size</c> is read to its end, so that the client can read the refusal, but not beyond this.</summary>
    public const int DrainedBytesMax = 64 * 1024 * 1024;

    /// <summary>Rows of one pipeline; @upstash/redis cuts its own at 1,000.</summary>
    public const int PipelineRowsMax = 100_000;

    /// <summary>The address in the request line, where path-style commands have their arguments.</summary>
    public const int RequestLineBytesMax = 1024 * 1024;

    /// <summary>All headers of a request together.</summary>
    public const int HeaderBytesMax = 32 * 1024;

    public const int HeadersMax = 100;

    /// <summary>Replies up to here are sent with their length; longer ones in chunks as they are written.</summary>
    public const int BufferedReplyBytesMax = 32 * 1024;

    /// <summary>Response bytes that may wait before they are flushed.</summary>
    public const int UnflushedBytesMax = 64 * 1024;

    /// <summary>Bodies up to here are not worth packing.</summary>
    public const int PlainBytesMax = 1024;
}
