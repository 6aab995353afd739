namespace Galley.Store.Keyspace;

/// <content>Strings of bytes rather than of text, which redis-server never keeps otherwise than raw.</content>
public ref partial struct Key
{
    /// <summary>As <see cref="PutString"/>, of a value that OBJECT ENCODING shows as raw.</summary>
    public void PutRaw(scoped ReadOnlySpan<byte> value, long expiresAtMs)
    {
        PutString(value, expiresAtMs);
        MarkString(EntryFlags.Edited);
    }

    /// <summary>OBJECT ENCODING shows the string as raw from now on, though not a byte has changed.</summary>
    public void ShowAsRaw()
    {
        if (!_shape.Has(EntryFlags.Edited)) MarkString(EntryFlags.Edited);
    }

    /// <summary>Begins a string value of this length, to be put when it is written.</summary>
    public readonly StringDraft Draft(int length) => new(Arena, length);

    /// <summary>Makes the draft the key's value, shown as raw, whatever was there.</summary>
    /// <param name="expiresAtMs">-1 for none, <see cref="ExpiresAtMs"/> to keep it.</param>
    public void PutDraft(scoped in StringDraft draft, long expiresAtMs)
    {
        if (draft.Block.IsNone)
        {
            PutRaw(draft.Bytes, expiresAtMs);
            draft.Return();
            return;
        }
        Span<byte> place = Place(StringHead | EntryFlags.LargeValue, EntryLayout.LargeReference, expiresAtMs);
        new LargeString(draft.Block, draft.Bytes.Length, draft.Bytes.Length).WriteTo(place);
        MarkString(EntryFlags.Edited);
    }
}
