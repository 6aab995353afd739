namespace Galley.Store.Scripting.Lua;

/// <content>The order of a table: its border, and going through it.</content>
public sealed partial class LuaTable
{
    /// <summary>A border, as the operator # gives it: n where t[n] is not nil and t[n + 1] is.</summary>
    public int Length
    {
        get
        {
            int above = _array.Length;
            if (above > 0 && _array[above - 1].IsNil)
            {
                int below = 0;
                while (above - below > 1)
                {
                    int middle = (int)(((uint)below + (uint)above) / 2);
                    if (_array[middle - 1].IsNil) above = middle;
                    else below = middle;
                }
                return below;
            }
            return ReferenceEquals(_nodes, NoNodes) ? above : LengthBeyond(above);
        }
    }

    // The array is full, and the border is among the hashed keys: it is found by doubling, then by halving.
    private int LengthBeyond(int below)
    {
        int above = below + 1;
        while (!Get(above).IsNil)
        {
            below = above;
            if (above > int.MaxValue / 2)
            {
                int at = 1;
                while (!Get(at).IsNil) at++;
                return at - 1;
            }
            above *= 2;
        }
        while (above - below > 1)
        {
            int middle = (int)(((uint)below + (uint)above) / 2);
            if (Get(middle).IsNil) above = middle;
            else below = middle;
        }
        return below;
    }

    /// <summary>Goes on behind a key (nil: from the start). A key set to nil meanwhile is still known, until a new key is set.</summary>
    /// <param name="key">The key that was last, then the next.</param>
    /// <param name="value">The value of the next.</param>
    /// <returns>Whether there was a next.</returns>
    /// <exception cref="KeyNotFoundException">The key is not in the table.</exception>
    public bool TryNext(ref LuaValue key, out LuaValue value)
    {
        bool found = TryNext(ref key, out value, out int passed);
        return passed >= 0 ? found : throw new KeyNotFoundException();
    }

    /// <summary>The same, but says how many places have been passed, which a script is to be charged for; -1 if the key is not in the table.</summary>
    internal bool TryNext(ref LuaValue key, out LuaValue value, out int passed)
    {
        int from = PositionAfter(key), at = from;
        passed = -1;
        value = default;
        if (at < 0) return false;
        for (; at < _array.Length; at++)
        {
            if (_array[at].IsNil) continue;
            key = (LuaValue)(at + 1);
            value = _array[at];
            passed = at - from;
            return true;
        }
        for (at -= _array.Length; at < _nodes.Length; at++)
        {
            if (_nodes[at].Value.IsNil) continue;
            key = _nodes[at].Key;
            value = _nodes[at].Value;
            passed = _array.Length + at - from;
            return true;
        }
        key = value = default;
        passed = _array.Length + _nodes.Length - from;
        return false;
    }

    private int PositionAfter(in LuaValue key)
    {
        if (key.IsNil) return 0;
        if (key.IsNumber)
        {
            int index = double.ConvertToIntegerNative<int>(key.Number);
            if ((uint)(index - 1) < (uint)_array.Length && index == key.Number) return index;
        }
        int at = FindNode(key, key.GetHashCode());
        return at < 0 ? -1 : _array.Length + at + 1;
    }

    /// <summary>Shows a walk through memory all keys and values.</summary>
    internal void Visit(MemoryWalk walk)
    {
        walk.Meet(_metatable);
        foreach (ref readonly LuaValue value in _array.AsSpan()) walk.Meet(value.Object);
        foreach (ref readonly Node node in _nodes.AsSpan())
        {
            if (node.Value.IsNil) continue;
            walk.Meet(node.Key.Object);
            walk.Meet(node.Value.Object);
        }
    }
}
