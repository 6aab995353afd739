namespace Galley.Store.Commands.Streams;

/// <summary>What becomes of the references that consumer groups have to an entry when it is deleted.</summary>
internal enum ReferenceRule : byte
{
    /// <summary>They stay: the entry is pending still, and gone.</summary>
    Keep,

    /// <summary>They go too.</summary>
    Delete,

    /// <summary>The entry goes only when every group has read and acknowledged it.</summary>
    Acknowledged,
}

/// <summary>Their words.</summary>
internal static class ReferenceRules
{
    public static bool TryRead(Execution x, int argument, out ReferenceRule rule)
    {
        rule = ReferenceRule.Keep;
        if (x.Is(argument, "KEEPREF"u8)) return true;
        if (x.Is(argument, "DELREF"u8)) rule = ReferenceRule.Delete;
        else if (x.Is(argument, "ACKED"u8)) rule = ReferenceRule.Acknowledged;
        else return false;
        return true;
    }
}
