namespace Galley.Store.Scripting;

/// <summary>What a script or a function declares of itself.</summary>
[Flags]
internal enum ScriptFlags : byte
{
    None = 0,

    /// <summary>It changes nothing, and is refused when it tries.</summary>
    NoWrites = 1,

    /// <summary>It may run, and write, when memory is short.</summary>
    AllowOom = 2,

    /// <summary>It may run on a replica that has lost its primary.</summary>
    AllowStale = 4,

    /// <summary>It is not to run in a cluster.</summary>
    NoCluster = 8,

    /// <summary>It may touch keys of several slots.</summary>
    AllowCrossSlotKeys = 16,

    /// <summary>Upstash's word for scripts whose keys are locked one by one; nothing is locked here.</summary>
    AllowKeyLocking = 32,

    /// <summary>It has no line <c>#!</c>: commands are judged one by one, as before Redis 7.</summary>
    Undeclared = 64,
}

/// <summary>The flags by their names, in the order in which FUNCTION LIST shows them.</summary>
internal static class ScriptFlagNames
{
    public static readonly (string Name, ScriptFlags Flag)[] All =
    [
        ("no-writes", ScriptFlags.NoWrites),
        ("allow-oom", ScriptFlags.AllowOom),
        ("allow-stale", ScriptFlags.AllowStale),
        ("no-cluster", ScriptFlags.NoCluster),
        ("allow-cross-slot-keys", ScriptFlags.AllowCrossSlotKeys),
        ("allow-key-locking", ScriptFlags.AllowKeyLocking),
    ];

    /// <summary>Finds a flag by its name, which is in small letters.</summary>
    public static bool TryFind(string name, out ScriptFlags flag)
    {
        foreach ((string known, ScriptFlags its) in All)
        {
            if (name != known) continue;
            flag = its;
            return true;
        }
        flag = ScriptFlags.None;
        return false;
    }
}
