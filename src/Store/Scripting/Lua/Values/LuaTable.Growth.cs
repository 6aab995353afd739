using System.Numerics;

namespace Galley.Store.Scripting.Lua;

/// <content>How a table grows: new keys, and the sizes of its two parts.</content>
public sealed partial class LuaTable
{
    // A key of the array is less than 2 to this.
    private const int ArrayBitsMax = 26;

    /// <summary>Makes room in one step for what is known to come.</summary>
    internal void Reserve(int arrayCapacity)
    {
        if (arrayCapacity > _array.Length) Resize(arrayCapacity, CountNodes());
    }

    // A key that is in no node. Its main position is taken if it is free; if not, whoever is there and does not belong there moves.
    private void Insert(in LuaValue key, int hash, in LuaValue value)
    {
        Node[] nodes = _nodes;
        int main = hash & (nodes.Length - 1);
        if (ReferenceEquals(nodes, NoNodes) || !nodes[main].Value.IsNil)
        {
            int free = TakeFree();
            if (free < 0)
            {
                Rehash(key);
                Set(key, value);
                return;
            }
            int before = nodes[main].Hash & (nodes.Length - 1);
            if (before != main)
            {
                while (nodes[before].Next - 1 != main) before = nodes[before].Next - 1;
                nodes[before].Next = free + 1;
                nodes[free] = nodes[main];
                nodes[main].Next = 0;
            }
            else
            {
                nodes[free].Next = nodes[main].Next;
                nodes[main].Next = free + 1;
                main = free;
            }
        }
        ref Node node = ref nodes[main];
        node.Key = key;
        node.Key.Number = key.IsNumber ? key.Number + 0.0 : 0;
        node.Hash = hash;
        node.Value = value;
    }

    private int TakeFree()
    {
        while (_lastFree > 0)
        {
            _lastFree--;
            if (_nodes[_lastFree].Key.IsNil) return _lastFree;
        }
        return -1;
    }

    // The hash part is full: the array becomes the largest power of two of which more than half is used.
    private void Rehash(in LuaValue extra)
    {
        _budget.Work(_array.Length + _nodes.Length);
        Span<int> slices = stackalloc int[ArrayBitsMax + 1];
        slices.Clear();
        int integers = CountArray(slices);
        int total = integers;
        foreach (ref readonly Node node in _nodes.AsSpan())
        {
            if (node.Value.IsNil) continue;
            total++;
            if (TryCount(node.Key, slices)) integers++;
        }
        total++;
        if (TryCount(extra, slices)) integers++;

        int size = 0, within = 0, sum = 0;
        for (int bit = 0; bit <= ArrayBitsMax && (1 << bit) / 2 < integers; bit++)
        {
            sum += slices[bit];
            if (sum <= (1 << bit) / 2) continue;
            size = 1 << bit;
            within = sum;
        }
        Resize(size, total - within);
    }

    // Slice i counts the keys in (2^(i-1), 2^i].
    private int CountArray(Span<int> slices)
    {
        int total = 0;
        LuaValue[] array = _array;
        for (int bit = 0, at = 1; at <= array.Length; bit++)
        {
            int end = Math.Min(1 << bit, array.Length), count = 0;
            for (; at <= end; at++)
            {
                if (!array[at - 1].IsNil) count++;
            }
            slices[bit] += count;
            total += count;
        }
        return total;
    }

    private static bool TryCount(in LuaValue key, Span<int> slices)
    {
        if (!key.IsNumber) return false;
        int index = double.ConvertToIntegerNative<int>(key.Number);
        if (index != key.Number || index < 1 || index > 1 << ArrayBitsMax) return false;
        slices[index == 1 ? 0 : BitOperations.Log2((uint)index - 1) + 1]++;
        return true;
    }

    private int CountNodes()
    {
        int count = 0;
        foreach (ref readonly Node node in _nodes.AsSpan())
        {
            if (!node.Value.IsNil) count++;
        }
        return count;
    }

    private void Resize(int arraySize, int hashSize)
    {
        int nodeCount = hashSize <= 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)hashSize);
        _budget.Charge(((long)ElementBytes * Math.Max(0, arraySize - _array.Length)) + ((long)NodeBytes * nodeCount));
        LuaValue[] oldArray = _array;
        Node[] oldNodes = _nodes;
        if (arraySize != oldArray.Length)
        {
            _array = arraySize == 0 ? [] : new LuaValue[arraySize];
            oldArray.AsSpan(0, Math.Min(arraySize, oldArray.Length)).CopyTo(_array);
        }
        _nodes = nodeCount == 0 ? NoNodes : new Node[nodeCount];
        _lastFree = nodeCount;
        for (int at = arraySize; at < oldArray.Length; at++)
        {
            if (!oldArray[at].IsNil) Set((LuaValue)(at + 1), oldArray[at]);
        }
        for (int at = oldNodes.Length - 1; at >= 0; at--)
        {
            ref readonly Node node = ref oldNodes[at];
            if (node.Value.IsNil) continue;
            if (node.Key.IsNumber) Set(node.Key, node.Value);
            else Insert(node.Key, node.Hash, node.Value);
        }
    }
}
