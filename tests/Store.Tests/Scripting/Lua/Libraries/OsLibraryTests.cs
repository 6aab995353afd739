namespace Galley.Store.Tests.Scripting.Lua.Libraries;

public sealed class OsLibraryTests
{
    [Fact]
    public void The_clock_counts_processor_time_and_is_all_there_is() =>
        Assert.Equal("true clock nil", new LibraryState().Run(
            """
            local names, before = {}, os.clock()
            repeat until os.clock() > before
            for name in pairs(os) do names[#names + 1] = name end
            return tostring(before > 0) .. ' ' .. table.concat(names) .. ' ' .. tostring(os.execute)
            """));
}
