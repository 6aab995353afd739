namespace Galley.Store.Configuration;

/// <summary>
/// <c>client-output-buffer-limit</c>: for each class of clients, how much output may wait. A class that a line does not
/// name keeps its limits.
/// </summary>
public sealed record OutputBufferLimits(OutputLimit Normal, OutputLimit Replica, OutputLimit PubSub)
    : IParameterValue<OutputBufferLimits>
{
    private const int WordsPerClass = 4;
    private const long MiB = 1024 * 1024;

    public static OutputBufferLimits Default { get; } =
        new(new(0, 0, 0), new(256 * MiB, 64 * MiB, 60), new(32 * MiB, 8 * MiB, 60));

    public static bool TakesMany => true;

    /// <summary>redis-server 7.0 still prints the old word for a replica.</summary>
    public string Text => $"normal {Normal} slave {Replica} pubsub {PubSub}";

    /// <summary>A line for each class, here by its new word.</summary>
    public IEnumerable<WrittenLine> Lines(OutputBufferLimits standard) =>
    [
        Line("normal", Normal, standard.Normal),
        Line("replica", Replica, standard.Replica),
        Line("pubsub", PubSub, standard.PubSub),
    ];

    public static string? Parse(ReadOnlySpan<string> words, OutputBufferLimits current, bool adds, out OutputBufferLimits value)
    {
        value = current;
        if (words.Length % WordsPerClass != 0) return "Wrong number of arguments in buffer limit configuration.";
        for (; words.Length > 0; words = words[WordsPerClass..])
        {
            string clients = words[0].ToLowerInvariant();
            if (clients is not ("normal" or "slave" or "replica" or "pubsub"))
                return "Invalid client class specified in buffer limit configuration.";
            if (!TryRead(words[1..], out OutputLimit limit))
                return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
            value = clients switch
            {
                "normal" => value with { Normal = limit },
                "pubsub" => value with { PubSub = limit },
                _ => value with { Replica = limit },
            };
        }
        return null;
    }

    private static WrittenLine Line(string clients, OutputLimit limit, OutputLimit standard) =>
        new($"{clients} {limit.Shortened}", IsNeeded: limit != standard);

    private static bool TryRead(ReadOnlySpan<string> words, out OutputLimit limit)
    {
        limit = default;
        if (!MemorySize.TryParse(words[0], out ulong hard) || !MemorySize.TryParse(words[1], out ulong soft)) return false;
        if (!CNumber.TryParse(words[2], out long softSeconds) || softSeconds is < 0 or > int.MaxValue) return false;
        limit = new OutputLimit((long)Math.Min(hard, long.MaxValue), (long)Math.Min(soft, long.MaxValue), (int)softSeconds);
        return true;
    }
}

/// <summary>A client is cut off at the hard limit, or when it was over the soft one for so long. Zero is no limit.</summary>
public readonly record struct OutputLimit(long HardBytes, long SoftBytes, int SoftSeconds)
{
    /// <summary>As CONFIG REWRITE writes it.</summary>
    internal string Shortened => $"{MemorySize.Shortened((ulong)HardBytes)} {MemorySize.Shortened((ulong)SoftBytes)} {SoftSeconds}";

    public override string ToString() => $"{HardBytes} {SoftBytes} {SoftSeconds}";
}
