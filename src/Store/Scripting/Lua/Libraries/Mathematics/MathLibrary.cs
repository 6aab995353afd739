namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>math</c> of Lua 5.1, with redis-server's own chance.</summary>
public static class MathLibrary
{
    /// <summary>Adds the library to a state's globals.</summary>
    /// <param name="state">The state.</param>
    /// <param name="chance">Where math.random takes its numbers from.</param>
    public static LuaTable Open(LuaState state, ScriptRandom chance)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(chance);
        LuaTable library = Library.Open(state, "math");
        AddOfOne(library);
        AddOfTwo(library);
        Library.Add(library, "frexp", Split);
        Library.Add(library, "modf", Parts);
        Library.Add(library, "max", (ref NativeCall call) => call.Return(Select(call, static (best, x) => x > best)));
        Library.Add(library, "min", (ref NativeCall call) => call.Return(Select(call, static (best, x) => x < best)));
        Library.Add(library, "random", (ref NativeCall call) => call.Return(Random(call, chance)));
        Library.Add(library, "randomseed", (ref NativeCall call) => chance.Seed(Library.CheckInt(call, 0)));
        library.Set(LuaString.From("huge"), double.PositiveInfinity);
        library.Set(LuaString.From("pi"), Math.PI);
        return library;
    }

    private static void AddOfOne(LuaTable library)
    {
        void Add(string name, Func<double, double> function) =>
            Library.Add(library, name, (ref NativeCall call) => call.Return(function(call.CheckNumber(0))));

        Add("abs", Math.Abs);
        Add("acos", Math.Acos);
        Add("asin", Math.Asin);
        Add("atan", Math.Atan);
        Add("ceil", Math.Ceiling);
        Add("cos", Math.Cos);
        Add("cosh", Math.Cosh);
        Add("deg", static x => x / (Math.PI / 180.0));
        Add("exp", Math.Exp);
        Add("floor", Math.Floor);
        Add("log", Math.Log);
        Add("log10", Math.Log10);
        Add("rad", static x => x * (Math.PI / 180.0));
        Add("sin", Math.Sin);
        Add("sinh", Math.Sinh);
        Add("sqrt", Math.Sqrt);
        Add("tan", Math.Tan);
        Add("tanh", Math.Tanh);
    }

    private static void AddOfTwo(LuaTable library)
    {
        void Add(string name, Func<double, double, double> function) =>
            Library.Add(library, name, (ref NativeCall call) => call.Return(function(call.CheckNumber(0), call.CheckNumber(1))));

        Add("atan2", Math.Atan2);
        Add("fmod", static (x, y) => x % y);
        library.Set(LuaString.From("mod"), library.Get(LuaString.From("fmod")));
        Add("pow", Math.Pow);
        Library.Add(library, "ldexp", (ref NativeCall call) => call.Return(Math.ScaleB(call.CheckNumber(0), Library.CheckInt(call, 1))));
    }

    // A mantissa from 0.5 to below 1, and a power of two.
    private static void Split(ref NativeCall call)
    {
        const int SubnormalShift = 54;
        double x = call.CheckNumber(0);
        if (x == 0 || !double.IsFinite(x))
        {
            call.Return(x);
            call.Return(0);
            return;
        }
        int exponent = 0;
        if (!double.IsNormal(x))
        {
            x = Math.ScaleB(x, SubnormalShift);
            exponent = -SubnormalShift;
        }
        exponent += Math.ILogB(x) + 1;
        call.Return(Math.ScaleB(x, -(Math.ILogB(x) + 1)));
        call.Return(exponent);
    }

    private static void Parts(ref NativeCall call)
    {
        double x = call.CheckNumber(0);
        double whole = Math.Truncate(x);
        call.Return(whole);
        call.Return(double.IsInfinity(x) ? Math.CopySign(0, x) : Math.CopySign(x - whole, x));
    }

    private static double Select(in NativeCall call, Func<double, double, bool> isBetter)
    {
        double best = call.CheckNumber(0);
        for (int i = 1; i < call.Count; i++)
        {
            double x = call.CheckNumber(i);
            if (isBetter(best, x)) best = x;
        }
        return best;
    }

    private static double Random(in NativeCall call, ScriptRandom chance)
    {
        double share = chance.Next();
        switch (call.Count)
        {
            case 0:
                return share;
            case 1:
                int count = Library.CheckInt(call, 0);
                return count < 1 ? throw call.BadArgument(0, "interval is empty") : Math.Floor(share * count) + 1;
            case 2:
                int low = Library.CheckInt(call, 0);
                int high = Library.CheckInt(call, 1);
                if (low > high) throw call.BadArgument(1, "interval is empty");
                return Math.Floor(share * unchecked(high - low + 1)) + low; // The width wraps round in redis-server, too.
            default:
                throw call.Error("wrong number of arguments");
        }
    }
}
