using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>MAXLEN and MINID with what goes with them: how XADD and XTRIM keep a stream short.</summary>
internal ref struct TrimArgument
{
    /// <summary>Without LIMIT the approximate form looks at so many nodes' worth of entries.</summary>
    private const int NodesPerTrim = 100;
    private const long LimitWithoutNodes = 10_000;
    private const long LimitMax = 1_000_000;

    private bool _hasLimit;
    private long _limit;

    /// <summary>MAXLEN or MINID was given.</summary>
    public bool IsGiven { get; private set; }

    public bool IsByLength { get; private set; }

    public bool IsApproximate { get; private set; }

    public long Length { get; private set; }

    public StreamId LowestKept { get; private set; }

    /// <summary>What becomes of references to entries that are trimmed.</summary>
    public ReferenceRule References { get; private set; }

    private bool _hasReferences;

    /// <summary>Reads one option, and goes behind it; false, with an error, where it is wrong, or <paramref name="isOther"/> where it is none of these.</summary>
    public bool TryReadOption(Execution x, ref int at, out bool isOther)
    {
        isOther = false;
        int more = x.Args.Count - 1 - at;
        if (more > 0 && x.Is(at, "MAXLEN"u8)) return TryReadThreshold(x, ref at, isByLength: true);
        if (more > 0 && x.Is(at, "MINID"u8)) return TryReadThreshold(x, ref at, isByLength: false);
        if (more > 0 && x.Is(at, "LIMIT"u8)) return TryReadLimit(x, ref at);
        if (!ReferenceRules.TryRead(x, at, out ReferenceRule rule))
        {
            isOther = true;
            return true;
        }
        if (_hasReferences) return Refuse(x, Errors.Syntax);
        (References, _hasReferences) = (rule, true);
        at++;
        return true;
    }

    /// <summary>What was read goes together, or a reply says why not.</summary>
    public bool TryEnd(Execution x, bool mustBeGiven)
    {
        if (_limit > 0 && !IsGiven) return Refuse(x, "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"u8);
        if (mustBeGiven && !IsGiven) return Refuse(x, "ERR syntax error, XTRIM must be called with a trimming strategy"u8);
        if (_hasLimit && !IsApproximate) return Refuse(x, "ERR syntax error, LIMIT cannot be used without the special ~ option"u8);
        return true;
    }

    /// <summary>Trims the stream, and returns how many entries are gone; what becomes of them in groups is done too.</summary>
    public readonly long Apply(Execution x, ref Key key)
    {
        var trim = new StreamTrim(IsByLength, Length, LowestKept, IsApproximate, IsApproximate ? LimitFor(x) : 0);
        return References == ReferenceRule.Keep
            ? StreamValue.Trim(ref key, in trim)
            : ReferencedTrim.Apply(ref key, in trim, References);
    }

    private readonly long LimitFor(Execution x)
    {
        if (_hasLimit) return _limit;
        long limit = NodesPerTrim * Math.Min(x.Server.Settings.StreamNodeEntriesMax, LimitMax);
        return limit <= 0 ? LimitWithoutNodes : Math.Min(limit, LimitMax);
    }

    private bool TryReadThreshold(Execution x, ref int at, bool isByLength)
    {
        if (IsGiven) return Refuse(x, "ERR syntax error, MAXLEN and MINID options at the same time are not compatible"u8);
        int more = x.Args.Count - 1 - at;
        at++;
        if (more >= 2 && x.Args[at] is [(byte)'~' or (byte)'='])
        {
            IsApproximate = x.Args[at][0] == (byte)'~';
            at++;
        }
        if (isByLength)
        {
            if (!x.TryInteger(at, out long length)) return false;
            if (length < 0) return Refuse(x, "ERR The MAXLEN argument must be >= 0."u8);
            Length = length;
        }
        else
        {
            if (!StreamArgument.TryId(x, at, out StreamId id)) return false;
            LowestKept = id;
        }
        (IsGiven, IsByLength) = (true, isByLength);
        at++;
        return true;
    }

    private bool TryReadLimit(Execution x, ref int at)
    {
        if (!x.TryInteger(at + 1, out _limit)) return false;
        if (_limit < 0) return Refuse(x, "ERR The LIMIT argument must be >= 0."u8);
        _hasLimit = true;
        at += 2;
        return true;
    }

    private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }
}
