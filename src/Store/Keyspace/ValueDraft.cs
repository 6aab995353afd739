namespace Galley.Store.Keyspace;

/// <summary>
/// A value in the making that belongs to no key of a database: what RESTORE reads becomes the value of its key when it is
/// whole, and nothing of it stays when it is not. Whoever makes one disposes of it.
/// </summary>
public sealed class ValueDraft(Databases space) : IDisposable
{
    private readonly Database _database = new(space, id: -1, partitionCount: 1);

    /// <summary>The key to give the value to. It is absent.</summary>
    public Key Open() => _database.Open("draft"u8);

    /// <summary>The value becomes that of another key, with this expiry (-1: none), whatever was there.</summary>
    public void MoveTo(ref Key target, long expiresAtMs)
    {
        Key draft = Open();
        draft.MoveTo(ref target, expiresAtMs);
    }

    public void Dispose()
    {
        if (_database.Count > 0) space.HasNewKey = false;
        _database.Clear();
    }
}
