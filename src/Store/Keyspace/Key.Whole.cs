namespace Galley.Store.Keyspace;

/// <content>Keys as DUMP, RESTORE and the files of snapshots see them: whole.</content>
public ref partial struct Key
{
    /// <summary>The key and its value, to be written down; only when it exists.</summary>
    internal readonly SnapshotEntry Entry => new(Arena, _block);

    /// <summary>The key, which was just made, gets this expiry, in milliseconds since 1970; -1 is none.</summary>
    internal void GiveExpiry(long expiresAtMs)
    {
        if (expiresAtMs >= 0) SetExpiry(expiresAtMs);
    }

    /// <summary>The value was last used so many seconds ago. An LFU policy does not ask.</summary>
    internal readonly void SetIdle(long seconds)
    {
        if (!_database.Space.Clock.CountsUses) SetUse(_database.Space.Clock.UseBefore(seconds));
    }

    /// <summary>The value was used as often as this logarithmic counter says. Only an LFU policy asks.</summary>
    internal readonly void SetFrequency(byte counter)
    {
        if (_database.Space.Clock.CountsUses) SetUse(_database.Space.Clock.UseCounted(counter));
    }

    private readonly void SetUse(uint use) => WriteUse(Arena.Span(_block, EntryLayout.NarrowHeader), use);
}
