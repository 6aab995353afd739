namespace Galley.Store.Commands;

/// <summary>Which options a command of the string family takes beyond EX, PX, EXAT and PXAT.</summary>
[Flags]
internal enum AllowedOptions : byte
{
    None = 0,
    Existence = 1 << 0,  // NX, XX
    Comparison = 1 << 1, // IFEQ, IFNE, IFDEQ, IFDNE
    Get = 1 << 2,
    KeepTtl = 1 << 3,
    Persist = 1 << 4,
}

/// <summary>
/// The options of SET, GETEX and MSETEX. As in redis-server, one that is given twice counts as given last, and two that
/// exclude each other are a syntax error.
/// </summary>
internal struct StringOptions
{
    public ValueCondition Condition;
    public Expiration Expiration;
    public bool ReturnsOld;

    /// <summary>Reads the arguments from <paramref name="first"/> to the last, or replies with a syntax error.</summary>
    public static bool TryParse(Execution x, int first, AllowedOptions allowed, out StringOptions options)
    {
        options = default;
        for (int at = first; at < x.Args.Count;)
        {
            int words = options.Read(x, at, allowed);
            if (words == 0)
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
            at += words;
        }
        return true;
    }

    /// <summary>Reads the option at this argument and returns how many words it took; 0 if it cannot stand there.</summary>
    private int Read(Execution x, int at, AllowedOptions allowed)
    {
        bool hasNext = at + 1 < x.Args.Count;
        if (hasNext && TryReadTime(x, at, out ExpirationKind kind)) return TakeExpiration(kind, at + 1) ? 2 : 0;
        if ((allowed & AllowedOptions.KeepTtl) != 0 && x.Is(at, "KEEPTTL"u8))
            return TakeExpiration(ExpirationKind.KeepTtl, 0) ? 1 : 0;
        if ((allowed & AllowedOptions.Persist) != 0 && x.Is(at, "PERSIST"u8))
            return TakeExpiration(ExpirationKind.Persist, 0) ? 1 : 0;
        if ((allowed & AllowedOptions.Get) != 0 && x.Is(at, "GET"u8))
        {
            ReturnsOld = true;
            return 1;
        }
        if ((allowed & AllowedOptions.Existence) != 0)
        {
            if (x.Is(at, "NX"u8)) return TakeCondition(ConditionKind.Absent, 0) ? 1 : 0;
            if (x.Is(at, "XX"u8)) return TakeCondition(ConditionKind.Present, 0) ? 1 : 0;
        }
        if (!hasNext || (allowed & AllowedOptions.Comparison) == 0) return 0;
        ConditionKind comparison = ValueCondition.ComparisonNamed(x.Args[at]);
        return comparison != ConditionKind.None && TakeCondition(comparison, at + 1) ? 2 : 0;
    }

    /// <summary>The four ways to name a time, which all commands with an expiration share.</summary>
    public static bool TryReadTime(Execution x, int at, out ExpirationKind kind)
    {
        kind = x.Is(at, "EX"u8) ? ExpirationKind.Seconds
            : x.Is(at, "PX"u8) ? ExpirationKind.Milliseconds
            : x.Is(at, "EXAT"u8) ? ExpirationKind.UnixSeconds
            : x.Is(at, "PXAT"u8) ? ExpirationKind.UnixMilliseconds
            : ExpirationKind.None;
        return kind != ExpirationKind.None;
    }

    private bool TakeExpiration(ExpirationKind kind, int argument)
    {
        if (Expiration.Kind != ExpirationKind.None && Expiration.Kind != kind) return false;
        Expiration = new Expiration(kind, argument);
        return true;
    }

    private bool TakeCondition(ConditionKind kind, int argument)
    {
        if (Condition.Kind != ConditionKind.None && Condition.Kind != kind) return false;
        Condition = new ValueCondition(kind, argument);
        return true;
    }
}
