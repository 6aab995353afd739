namespace Galley.Api.Rest;

/// <summary>What one HTTP request may ask. Kestrel's own limits lie above, so that a refusal has a JSON body.</summary>
public static class RestLimits
{
    /// <summary>As Upstash's.</summary>
    public const int BodyBytesMax = 10 * 1024 * 1024;

    /// <summary>A body beyond the limit is read to its end, so that the client can read the refusal, but not beyond this.</summary>
    public const int DrainedBytesMax = 64 * 1024 * 1024;

    /// <summary>Rows of one pipeline; @upstash/redis cuts its own at 1,000.</summary>
    public const int PipelineRowsMax = 100_000;

    /// <summary>The request line, where path-style commands have their arguments.</summary>
    public const int RequestLineBytesMax = 1024 * 1024;

    /// <summary>Replies up to here are sent with their length; longer ones in chunks as they are written.</summary>
    public const int BufferedReplyBytesMax = 32 * 1024;

    /// <summary>Response bytes that may wait before they are flushed between two rows.</summary>
    public const int UnflushedBytesMax = 64 * 1024;
}
