namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// table.sort: a quicksort by the median of three. It is not stable, and scripts see in which order equal elements come out,
/// so it swaps where Lua 5.1 swaps: redis-server gives the same order.
/// </summary>
internal static class TableSort
{
    private const int StepsBetweenTicks = 1_024;

    /// <summary>table.sort(table [, isLess]).</summary>
    internal static void Run(ref NativeCall call)
    {
        LuaTable table = call.CheckTable(0);
        int length = table.Length;
        LuaValue order = call[1].IsNil ? LuaValue.Nil : (LuaValue)call.CheckFunction(1);
        int steps = 0;
        Sort(call, table, order, 1, length, ref steps);
    }

    private static void Sort(in NativeCall call, LuaTable table, LuaValue order, int low, int high, ref int steps)
    {
        while (low < high)
        {
            OrderTwo(call, table, order, low, high, ref steps);
            if (high - low == 1) return;
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (!OrderTwo(call, table, order, low, middle, ref steps)) OrderTwo(call, table, order, middle, high, ref steps);
            if (high - low == 2) return;

            // The pivot waits beside the last, while the rest is parted.
            LuaValue pivot = table.Get(middle);
            Swap(table, middle, high - 1);
            int border = Part(call, table, order, low, high, pivot, ref steps);
            Swap(table, high - 1, border);

            // The smaller half by recursion, so that it nests no deeper than the logarithm; the larger by the loop.
            if (border - low < high - border)
            {
                Sort(call, table, order, low, border - 1, ref steps);
                low = border + 1;
            }
            else
            {
                Sort(call, table, order, border + 1, high, ref steps);
                high = border - 1;
            }
        }
    }

    // a[low] <= pivot == a[high - 1] <= a[high]: a consistent order meets a guard on either side.
    private static int Part(in NativeCall call, LuaTable table, LuaValue order, int low, int high, LuaValue pivot, ref int steps)
    {
        int i = low;
        int j = high - 1;
        while (true)
        {
            while (IsLess(call, order, table.Get(++i), pivot, ref steps))
            {
                if (i > high) throw call.Error("invalid order function for sorting");
            }
            while (IsLess(call, order, pivot, table.Get(--j), ref steps))
            {
                if (j < low) throw call.Error("invalid order function for sorting");
            }
            if (j < i) return i;
            Swap(table, i, j);
        }
    }

    // Whether they had to be swapped.
    private static bool OrderTwo(in NativeCall call, LuaTable table, LuaValue order, int first, int second, ref int steps)
    {
        if (!IsLess(call, order, table.Get(second), table.Get(first), ref steps)) return false;
        Swap(table, first, second);
        return true;
    }

    private static void Swap(LuaTable table, int i, int j)
    {
        LuaValue value = table.Get(i);
        Library.Write(table, i, table.Get(j));
        Library.Write(table, j, value);
    }

    private static bool IsLess(in NativeCall call, LuaValue order, LuaValue left, LuaValue right, ref int steps)
    {
        if (++steps % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
        if (order.IsNil) return call.State.IsLess(left, right);
        ReadOnlySpan<LuaValue> results = call.Call(order, left, right);
        return !results.IsEmpty && results[0].IsTrue;
    }
}
