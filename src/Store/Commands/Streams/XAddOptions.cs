using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>The words of XADD: its options, the identifier that is asked for, and where the fields begin.</summary>
internal ref struct XAddOptions
{
    public TrimArgument Trim;

    private IdWish _wish;
    private StreamId _asked;

    private enum IdWish : byte
    {
        /// <summary>*: the time, or behind the last one.</summary>
        Any,

        /// <summary>ms-*: behind the last one of that millisecond.</summary>
        AnyOfMs,

        This,
    }

    /// <summary>The argument that is the producer's name; 0: none was given.</summary>
    public int ProducerAt { get; private set; }

    /// <summary>The argument that is the producer's name for the entry; 0: it follows from the entry's content.</summary>
    public int NameAt { get; private set; }

    /// <summary>NOMKSTREAM: a stream that is not there is not made.</summary>
    public bool LeavesAbsent { get; private set; }

    /// <summary>The argument that is the identifier.</summary>
    public int IdAt { get; private set; }

    public readonly int FirstField => IdAt + 1;

    public int FieldCount { get; private set; }

    /// <summary>The bytes of all fields and values.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Reads all words, or replies with an error.</summary>
    public bool TryRead(Execution x)
    {
        int at = 2;
        while (true)
        {
            if (at == x.Args.Count) return RefuseCount(x);
            if (x.Args[at] is [(byte)'*']) break;
            if (x.Is(at, "NOMKSTREAM"u8))
            {
                LeavesAbsent = true;
                at++;
                continue;
            }
            int more = x.Args.Count - at - 1;
            if (ProducerAt == 0 && ((more >= 1 && x.Is(at, "IDMPAUTO"u8)) || (more >= 2 && x.Is(at, "IDMP"u8))))
            {
                ProducerAt = at + 1;
                if (x.Args[at].Length == "IDMP".Length) NameAt = at + 2;
                at = Math.Max(ProducerAt, NameAt) + 1;
                continue;
            }
            if (!Trim.TryReadOption(x, ref at, out bool isOther)) return false;
            if (!isOther) continue;
            if (!TryReadId(x, at)) return false;
            break;
        }
        if (!Trim.TryEnd(x, mustBeGiven: false)) return false;
        IdAt = at;
        int words = x.Args.Count - FirstField;
        if (words < 2 || words % 2 != 0) return RefuseCount(x);
        FieldCount = words / 2;
        if (ProducerAt > 0 && !IsNamedWell(x)) return false;
        for (int i = FirstField; i < x.Args.Count; i++) TextBytes += x.Args[i].Length;
        return _wish != IdWish.This || _asked != StreamId.Min || Refuse(x, "ERR The ID specified in XADD must be greater than 0-0"u8);
    }

    /// <summary>The identifier of the new entry, which is above the last one; or an error is replied.</summary>
    public readonly bool TryNextId(Execution x, StreamId last, out StreamId id)
    {
        id = _asked;
        bool isAbove = true;
        switch (_wish)
        {
            case IdWish.Any:
                id = new StreamId((ulong)x.NowMs, 0);
                if (id <= last) isAbove = last.TryNext(out id);
                break;
            case IdWish.AnyOfMs:
                // As redis-server says it.
                if (_asked.Ms == last.Ms && last.Seq == ulong.MaxValue) return Refuse(x, TooLarge);
                if (_asked.Ms == last.Ms) last.TryNext(out id);
                isAbove = id > last;
                break;
            default:
                isAbove = id > last;
                break;
        }
        if (!isAbove) return Refuse(x, "ERR The ID specified in XADD is equal or smaller than the target stream top item"u8);
        return TextBytes <= StreamPack.BytesMax || Refuse(x, TooLarge);
    }

    private static ReadOnlySpan<byte> TooLarge => "ERR Elements are too large to be stored"u8;

    private bool TryReadId(Execution x, int argument)
    {
        if (StreamId.TryParseMs(x.Args[argument], out ulong ms))
        {
            (_wish, _asked) = (IdWish.AnyOfMs, new StreamId(ms, 0));
            return true;
        }
        _wish = IdWish.This;
        return StreamArgument.TryId(x, argument, out _asked);
    }

    private readonly bool IsNamedWell(Execution x)
    {
        if (_wish != IdWish.Any) return Refuse(x, "ERR IDMP and IDMPAUTO need the ID *"u8);
        bool hasEmpty = x.Args[ProducerAt].IsEmpty || (NameAt > 0 && x.Args[NameAt].IsEmpty);
        return !hasEmpty || Refuse(x, Idempotency.EmptyName);
    }

    private static bool RefuseCount(Execution x)
    {
        x.Reply.Error(Errors.WrongArity(x.CommandName));
        return false;
    }

    private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }
}
