namespace Galley.Store.Tests.Scripting.Lua.Libraries;

/// <summary>Programs of each library answer as redis-server 7.0.15 did; Conformance asks whether it still does.</summary>
public sealed class RecordedProgramTests
{
    public static TheoryData<string, string> Programs() => [.. RecordedProgram.All.Select(p => (p.Library, p.Title))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_answers_as_redis_server_does(string library, string title)
    {
        RecordedProgram program = RecordedProgram.All.Single(p => p.Library == library && p.Title == title);
        string? difference = program.Difference(new LibraryState().Run(program.Script));
        Assert.True(difference is null, difference);
    }

    [Fact]
    public void Each_library_has_five_programs_and_more() =>
        Assert.All(RecordedProgram.All.GroupBy(p => p.Library), library => Assert.True(library.Count() >= 5, $"{library.Key} has {library.Count()}"));
}
