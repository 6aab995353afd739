using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua;

/// <summary>
/// A table: raw access; metamethods are the interpreter's. Elements 1 to n lie in an array; other keys in a hash part, a chained
/// scatter table whose collisions are resolved as Brent's variation does, so that it may be full
/// (R. Ierusalimschy, L. H. de Figueiredo, W. Celes, "The Implementation of Lua 5.0", 2005, section 4).
/// </summary>
public sealed partial class LuaTable : LuaObject
{
    // What it takes beside its elements, with the headers of its objects.
    internal const int OverheadBytes = 128;
    private const int ElementBytes = 16;
    private const int NodeBytes = 40;

    private const byte HasMetatable = 1;
    private const byte ReadOnly = 2;

    // The hash part of a table that has none; nobody writes to it.
    private static readonly Node[] NoNodes = new Node[1];

    // What a search returns that finds nothing; nobody writes to it.
    private static readonly LuaValue[] Nowhere = new LuaValue[1];

    private readonly LuaBudget _budget;
    private LuaValue[] _array = [];
    private Node[] _nodes = NoNodes;
    private int _lastFree;
    private LuaTable? _metatable;
    private byte _guards;

    // A bit for each event that this table, as a metatable, is known not to have.
    private int _absentEvents;

    /// <summary>An empty table.</summary>
    /// <param name="budget">Who counts what it holds.</param>
    /// <param name="arrayCapacity">How many elements from 1 on to make room for.</param>
    /// <param name="hashCapacity">How many other keys to make room for.</param>
    public LuaTable(LuaBudget budget, int arrayCapacity = 0, int hashCapacity = 0)
        : base(LuaType.Table)
    {
        _budget = budget;
        budget.Charge(OverheadBytes);
        if (arrayCapacity > 0 || hashCapacity > 0) Resize(arrayCapacity, hashCapacity);
    }

    private struct Node
    {
        public LuaValue Key;
        public LuaValue Value;
        public int Hash;

        // One more than the index of the next node of the chain; 0 at its end.
        public int Next;
    }

    /// <summary>The metatable, or none.</summary>
    public LuaTable? Metatable
    {
        get => _metatable;
        set
        {
            _metatable = value;
            _guards = (byte)((_guards & ~HasMetatable) | (value is null ? 0 : HasMetatable));
        }
    }

    /// <summary>Whether writing from a script is an error, as redis-server's globals and libraries are read-only.</summary>
    public bool IsReadOnly
    {
        get => (_guards & ReadOnly) != 0;
        set => _guards = (byte)((_guards & ~ReadOnly) | (value ? ReadOnly : 0));
    }

    /// <summary>Whether a script may read and write without a look at metatables.</summary>
    internal bool IsPlain => _guards == 0;

    /// <summary>What it takes, without what its keys and values take.</summary>
    internal long OwnBytes => OverheadBytes + ((long)ElementBytes * _array.Length) + (ReferenceEquals(_nodes, NoNodes) ? 0 : (long)NodeBytes * _nodes.Length);

    /// <summary>The value of a key, or nil: rawget.</summary>
    public LuaValue Get(LuaValue key)
    {
        if (key.IsNumber) return At(key.Number);
        if (key.Object is LuaString text) return At(text);
        int at = FindNode(key, key.GetHashCode());
        return at < 0 ? default : _nodes[at].Value;
    }

    /// <summary>The value of an integer key, or nil.</summary>
    public LuaValue Get(int index) => (uint)(index - 1) < (uint)_array.Length ? _array[index - 1] : At(index);

    /// <summary>Where the value of a string is, to read, or to write over if it is not nil.</summary>
    internal ref LuaValue At(LuaString key)
    {
        int hash = key.Hash;
        Node[] nodes = _nodes;
        int at = hash & (nodes.Length - 1);
        do
        {
            ref Node node = ref nodes[at];
            if (ReferenceEquals(node.Key.Object, key)) return ref node.Value;
            if (node.Hash == hash && node.Key.Object is LuaString other && other.Equals(key))
            {
                node.Key.Object = key; // The next search with the same constant is done by one comparison.
                return ref node.Value;
            }
            at = node.Next - 1;
        }
        while (at >= 0);
        return ref Nowhere[0];
    }

    /// <summary>Where the value of a number is, to read, or to write over if it is not nil.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref LuaValue At(double key)
    {
        int index = double.ConvertToIntegerNative<int>(key);
        LuaValue[] array = _array;
        if ((uint)(index - 1) < (uint)array.Length && index == key) return ref array[index - 1];
        return ref AtHashed(key);
    }

    private ref LuaValue AtHashed(double key)
    {
        int hash = LuaValue.HashOfNumber(key);
        Node[] nodes = _nodes;
        int at = hash & (nodes.Length - 1);
        do
        {
            ref Node node = ref nodes[at];
            if (node.Key.Number == key && node.Key.IsNumber) return ref node.Value;
            at = node.Next - 1;
        }
        while (at >= 0);
        return ref Nowhere[0];
    }

    /// <summary>Where the value of any key is, to read, or to write over if it is not nil.</summary>
    internal ref LuaValue At(in LuaValue key)
    {
        if (key.IsNumber) return ref At(key.Number);
        if (key.Object is LuaString text) return ref At(text);
        int at = FindNode(key, key.GetHashCode());
        if (at >= 0) return ref _nodes[at].Value;
        return ref Nowhere[0];
    }

    /// <summary>Sets a key, or removes it by nil: rawset. The key is not nil and not NaN: the caller has said so in Lua's words.</summary>
    public void Set(LuaValue key, LuaValue value)
    {
        if (key.IsNumber)
        {
            int index = double.ConvertToIntegerNative<int>(key.Number);
            if ((uint)(index - 1) < (uint)_array.Length && index == key.Number)
            {
                _array[index - 1].Become(value);
                return;
            }
        }
        int hash = key.GetHashCode();
        int at = FindNode(key, hash);
        if (value.Object is not null) _absentEvents = 0;
        if (at >= 0) _nodes[at].Value = value;
        else if (value.Object is not null) Insert(key, hash, value);
    }

    /// <summary>Sets an integer key.</summary>
    public void Set(int index, LuaValue value)
    {
        if ((uint)(index - 1) < (uint)_array.Length) _array[index - 1].Become(value);
        else Set((LuaValue)index, value);
    }

    /// <summary>Sets a number's value if there is a place for it already.</summary>
    internal bool TrySet(double key, in LuaValue value)
    {
        int index = double.ConvertToIntegerNative<int>(key);
        LuaValue[] array = _array;
        if ((uint)(index - 1) >= (uint)array.Length || index != key) return false;
        array[index - 1].Become(value);
        return true;
    }

    /// <summary>The metamethod of an event, if this table is a metatable and has it.</summary>
    internal LuaValue Metamethod(LuaEvent what)
    {
        if ((_absentEvents & (1 << (int)what)) != 0) return default;
        LuaValue found = At(LuaEvents.NameOf(what));
        if (found.IsNil) _absentEvents |= 1 << (int)what;
        return found;
    }

    private int FindNode(in LuaValue key, int hash)
    {
        Node[] nodes = _nodes;
        int at = hash & (nodes.Length - 1);
        do
        {
            ref Node node = ref nodes[at];
            if (node.Hash == hash && node.Key.Object is not null && node.Key.Equals(key)) return at;
            at = node.Next - 1;
        }
        while (at >= 0);
        return -1;
    }
}
