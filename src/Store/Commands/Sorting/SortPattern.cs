using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Sorting;

/// <summary>
/// What BY and GET are given: <c>weight_*</c>, the name of a string with the element in place of the star;
/// <c>object_*->field</c>, the field of a hash of that name; or <c>#</c>, the element itself.
/// </summary>
/// <param name="Argument">Which argument it is.</param>
/// <param name="Star">Where its star is; -1 where it has none, and leads to nothing.</param>
/// <param name="Field">Where the name of a field begins; 0 where it has none.</param>
internal readonly record struct SortPattern(int Argument, int Star, int Field)
{
    private static ReadOnlySpan<byte> Arrow => "->"u8;

    public static SortPattern Read(Execution x, int argument)
    {
        // redis-server looks for the star in a string of C, which ends at a NUL.
        ReadOnlySpan<byte> pattern = Text(x.Args[argument]);
        int star = pattern.IndexOf((byte)'*');
        if (star < 0) return new SortPattern(argument, star, 0);
        int arrow = pattern[(star + 1)..].IndexOf(Arrow);
        int field = arrow < 0 ? 0 : star + 1 + arrow + Arrow.Length;
        return new SortPattern(argument, star, field < pattern.Length ? field : 0);
    }

    /// <summary>It is the element itself that is asked for.</summary>
    public bool IsElement(Execution x) => Text(x.Args[Argument]) is [(byte)'#'];

    /// <summary>Opens the key that it leads to for an element; absent where there is none.</summary>
    /// <param name="name">Takes the name of the key.</param>
    public Key Open(Execution x, ReadOnlySpan<byte> element, ref byte[] name)
    {
        if (Star < 0) return default;
        ReadOnlySpan<byte> pattern = x.Args[Argument];
        ReadOnlySpan<byte> suffix = pattern[(Star + 1)..(Field == 0 ? pattern.Length : Field - Arrow.Length)];
        int length = Star + element.Length + suffix.Length;
        if (name.Length < length) name = new byte[length];
        pattern[..Star].CopyTo(name);
        element.CopyTo(name.AsSpan(Star));
        suffix.CopyTo(name.AsSpan(Star + element.Length));
        return x.Read(name.AsSpan(0, length));
    }

    /// <summary>The value of a key that it has led to: a string, or a field of a hash; false where that is not there.</summary>
    public bool TryGet(Execution x, in Key key, out ListPackElement value)
    {
        value = default;
        if (!key.Exists) return false;
        if (Field > 0) return key.Type == KeyType.Hash && HashValue.TryGet(in key, x.Args[Argument][Field..], out value);
        if (key.Type != KeyType.String) return false;
        value = new ListPackElement(key.String);
        return true;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> argument)
    {
        int end = argument.IndexOf((byte)0);
        return end < 0 ? argument : argument[..end];
    }
}
