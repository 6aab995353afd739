namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>What redis-server leaves of the library <c>os</c>: the clock.</summary>
public static class OsLibrary
{
    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "os");
        Library.Add(library, "clock", Clock);
        return library;
    }

    // The processor time of the process in seconds, as C's clock() counts it: to microseconds.
    private static void Clock(ref NativeCall call) => call.Return(Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 6));
}
