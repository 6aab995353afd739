namespace Galley.Store.Commands;

/// <summary>The options of HOTKEYS START, in any order.</summary>
internal static class HotKeysArguments
{
    private const int CountByDefault = 10;
    private const int CountMax = 64;

    /// <summary>A hundred days and more; beyond it lies no measurement.</summary>
    private const long SecondsMax = 10_000_000;

    private const int RatioMax = 1_000_000;

    private enum Option : byte
    {
        Unknown,
        Metrics,
        Count,
        Duration,
        Sample,
        Slots,
    }

    /// <summary>Reads them, or replies what is wrong.</summary>
    public static bool TryRead(Execution x, out HotKeysTerms terms)
    {
        terms = new HotKeysTerms(Cpu: false, Net: false, CountByDefault, DurationMs: 0, SampleRatio: 1);
        for (int at = 2; at < x.Args.Count; at += 2)
        {
            Option option = OptionAt(x, at);
            if (option == Option.Unknown || at + 1 == x.Args.Count)
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
            switch (option)
            {
                case Option.Slots:
                    x.Reply.Error("ERR SLOTS parameter cannot be used in non-cluster mode"u8);
                    return false;
                case Option.Metrics:
                    if (!TryReadMetrics(x, ref at, ref terms)) return false;
                    break;
                case Option.Count:
                    if (!TryReadNumber(x, at, CountMax, "ERR COUNT must be between 1 and 64"u8, out long count)) return false;
                    terms = terms with { Count = (int)count };
                    break;
                case Option.Duration:
                    if (!TryReadNumber(x, at, SecondsMax, "ERR DURATION must be between 1 and 10000000"u8, out long seconds)) return false;
                    terms = terms with { DurationMs = seconds * 1000 };
                    break;
                case Option.Sample:
                    if (!TryReadNumber(x, at, RatioMax, "ERR SAMPLE ratio must be between 1 and 1000000"u8, out long ratio)) return false;
                    terms = terms with { SampleRatio = (int)ratio };
                    break;
            }
        }
        if (terms.Cpu || terms.Net) return true;
        x.Reply.Error("ERR METRICS parameter is required"u8);
        return false;
    }

    private static Option OptionAt(Execution x, int at)
    {
        if (x.Is(at, "METRICS"u8)) return Option.Metrics;
        if (x.Is(at, "COUNT"u8)) return Option.Count;
        if (x.Is(at, "DURATION"u8)) return Option.Duration;
        if (x.Is(at, "SAMPLE"u8)) return Option.Sample;
        return x.Is(at, "SLOTS"u8) ? Option.Slots : Option.Unknown;
    }

    /// <summary>The count says how many words follow it.</summary>
    private static bool TryReadMetrics(Execution x, ref int at, ref HotKeysTerms terms)
    {
        if (!x.TryInteger(at + 1, out long count)) return false;
        long found = 0;
        for (int i = at + 2; i < x.Args.Count && OptionAt(x, i) == Option.Unknown; i++)
        {
            bool isCpu = x.Is(i, "CPU"u8), isNet = x.Is(i, "NET"u8);
            if (!isCpu && !isNet)
            {
                x.Reply.Error("ERR METRICS no valid metrics passed. Supported: CPU|NET"u8);
                return false;
            }
            found++;
            terms = terms with { Cpu = terms.Cpu || isCpu, Net = terms.Net || isNet };
        }
        at += (int)found;
        if (count == found && count > 0) return true;
        x.Reply.Error("ERR METRICS count does not match number of metric types provided"u8);
        return false;
    }

    private static bool TryReadNumber(Execution x, int at, long max, ReadOnlySpan<byte> error, out long value)
    {
        if (Resp.Protocol.Numbers.TryParseInt64(x.Args[at + 1], out value) && value >= 1 && value <= max) return true;
        x.Reply.Error(error);
        return false;
    }
}
