namespace Galley.Store.Keyspace;

/// <content>
/// The keys that lately were to expire no more. Who writes <c>SET</c> and <c>EXPIRE</c>, or <c>DEL</c> and <c>SET EX</c>, again
/// and again would else leave an item behind each time, and all of them live.
/// </content>
internal sealed partial class ExpiryWheel
{
    private const int LatelyCount = 64;

    /// <summary>A wheel with fewer items is not worth it.</summary>
    private const int LatelyItemsMin = 1024;

    private Left[]? _lately;

    /// <summary>An item of this key lies where its expiry had it.</summary>
    private void Remember(ulong hash, long expiresAtMs)
    {
        if (ItemCount < LatelyItemsMin) return;
        _lately ??= new Left[LatelyCount];
        _lately[IndexOf(hash)] = new Left(hash & ~FieldsBit, expiresAtMs);
    }

    /// <summary>Where an item of this key still lies, as the expiry that it was added for; -1 where that is not known.</summary>
    private long TakeRemembered(ulong hash)
    {
        if (_lately is null) return Database.NoExpiry;
        ref Left left = ref _lately[IndexOf(hash)];
        if (left.ExpiresAtMs == 0 || left.Item != (hash & ~FieldsBit)) return Database.NoExpiry;
        long expiresAtMs = left.ExpiresAtMs;
        left = default;
        return expiresAtMs;
    }

    /// <summary>The item has been taken out of its place.</summary>
    private void Unremember(ulong item)
    {
        if (_lately is not null && _lately[IndexOf(item)].Item == item) _lately[IndexOf(item)] = default;
    }

    /// <summary>By the bits that the table uses last: the keys of a small partition may share the first.</summary>
    private static int IndexOf(ulong hash) => (int)(hash >> 1) & (LatelyCount - 1);

    private readonly record struct Left(ulong Item, long ExpiresAtMs);
}
