namespace Galley.Store.Commands;

/// <summary>
/// The options of INCREX, as arguments; 0 is one that was not given. Unlike SET's, none may be given twice.
/// </summary>
internal struct IncrExOptions
{
    public int Increment;
    public bool IsFloat;
    public int LowerBound;
    public int UpperBound;
    public bool Saturates;
    public Expiration Expiration;

    /// <summary>ENX: an expiration that is there stays.</summary>
    public bool KeepsExpiration;

    public static bool TryParse(Execution x, out IncrExOptions options)
    {
        options = default;
        for (int at = 2; at < x.Args.Count;)
        {
            int words = options.Read(x, at);
            if (words == 0)
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
            at += words;
        }
        if (!options.KeepsExpiration || options.Expiration.SetsTime) return true;
        bool persists = options.Expiration.Kind == ExpirationKind.Persist;
        x.Reply.Error(persists ? Errors.Syntax : "ERR ENX flag requires an expiration"u8);
        return false;
    }

    /// <summary>Reads the option at this argument and returns how many words it took; 0 if it cannot stand there.</summary>
    private int Read(Execution x, int at)
    {
        if (x.Is(at, "SATURATE"u8)) return TakeOnce(ref Saturates);
        if (x.Is(at, "ENX"u8)) return TakeOnce(ref KeepsExpiration);
        bool hasExpiration = Expiration.Kind != ExpirationKind.None;
        if (x.Is(at, "PERSIST"u8))
        {
            Expiration = new Expiration(ExpirationKind.Persist, 0);
            return hasExpiration ? 0 : 1;
        }
        if (at + 1 == x.Args.Count) return 0;
        if (x.Is(at, "BYINT"u8)) return TakeOnce(ref Increment, at + 1);
        if (x.Is(at, "BYFLOAT"u8))
        {
            IsFloat = true;
            return TakeOnce(ref Increment, at + 1);
        }
        if (x.Is(at, "LBOUND"u8)) return TakeOnce(ref LowerBound, at + 1);
        if (x.Is(at, "UBOUND"u8)) return TakeOnce(ref UpperBound, at + 1);
        if (hasExpiration || !StringOptions.TryReadTime(x, at, out ExpirationKind kind)) return 0;
        Expiration = new Expiration(kind, at + 1);
        return 2;
    }

    private static int TakeOnce(ref bool option)
    {
        int words = option ? 0 : 1;
        option = true;
        return words;
    }

    private static int TakeOnce(ref int option, int argument)
    {
        int words = option != 0 ? 0 : 2;
        option = argument;
        return words;
    }
}
