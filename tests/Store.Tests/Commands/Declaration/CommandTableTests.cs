using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Declaration;

public sealed class CommandTableTests
{
    private static readonly CommandTable Table = CommandTable.FromTypes([typeof(Sample)]);

    [Theory]
    [InlineData("GET", "get")]
    [InlineData("gEt", "get")]
    [InlineData("EightLtr", "eightltr")]
    [InlineData("sixteen-letters_", "sixteen-letters_")]
    [InlineData("TWENTY-LETTERS-IN-ALL", "twenty-letters-in-all")]
    [InlineData("box", "box")]
    public void Finds_a_command_by_its_name_in_any_case(string name, string found)
    {
        Assert.True(Table.TryFind(Encoding.Latin1.GetBytes(name), out CommandInfo? command));
        Assert.Equal(found, command.LowerName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ge")]
    [InlineData("gett")]
    [InlineData("g\u0005t")] // 'e' but for the bits 0x60.
    [InlineData("sixteen\rletters_")] // '-' but for the bit 0x20.
    [InlineData("sixteen-letters\u007f")] // '_' but for the bit 0x20.
    [InlineData("g\u00e5t")] // 'e' but for the top bit.
    [InlineData("box|open")]
    [InlineData("a-name-that-is-longer-than-any-command")]
    public void Finds_nothing_under_a_name_that_is_nearly_one(string name) =>
        Assert.False(Table.TryFind(Encoding.Latin1.GetBytes(name), out _));

    [Fact]
    public void Resolves_a_subcommand_and_tells_its_container_when_there_is_none()
    {
        Assert.True(Find(out CommandInfo? command, "box", "OPEN", "lid"));
        Assert.Equal("box|open", command!.LowerName);
        Assert.True(Find(out command, "box"));
        Assert.Equal("box", command!.LowerName);
        Assert.False(Find(out command, "box", "burn"));
        Assert.Equal("BOX", command!.Name);
        Assert.False(Find(out command, "burn", "box"));
        Assert.Null(command);
    }

    [Fact]
    public void Numbers_every_command_once()
    {
        for (int i = 0; i < Table.All.Length; i++) Assert.Equal(i, Table.All[i].Index);
        Assert.Contains(Table.All.ToArray(), command => command.LowerName == "box|open");
        Assert.DoesNotContain(Table.TopLevel.ToArray(), command => command.LowerName == "box|open");
    }

    [Theory]
    [InlineData("get", 2)]
    [InlineData("eightltr", -3)]
    [InlineData("box", -2)]
    [InlineData("box|open", 3)]
    [InlineData("sixteen-letters_", -2)]
    public void Derives_the_arity_from_the_grammar(string name, int arity)
    {
        Assert.True(Table.TryFindFullName(Encoding.ASCII.GetBytes(name), out CommandInfo? command));
        Assert.Equal(arity, command.Arity);
        Assert.True(command.AcceptsArity(Math.Abs(arity)));
        Assert.False(command.AcceptsArity(Math.Abs(arity) - 1));
        Assert.Equal(arity < 0, command.AcceptsArity(Math.Abs(arity) + 1));
    }

    [Fact]
    public void A_container_has_the_version_of_its_first_subcommand()
    {
        Assert.True(Find(out CommandInfo? command, "box"));
        Assert.Equal("2.0.0", command!.Declaration.Since);
    }

    [Fact]
    public void Names_the_command_whose_declaration_is_wrong()
    {
        var error = Assert.Throws<DeclarationException>(() => CommandTable.FromTypes([typeof(Wrong)]).All[0].Arity);
        Assert.StartsWith("BAD: ", error.Message);
    }

    private static bool Find(out CommandInfo? command, params string[] words)
    {
        Arguments args = Arguments.Of(Array.ConvertAll(words, Encoding.ASCII.GetBytes));
        return Table.TryFind(in args, out command);
    }

    private static class Sample
    {
        [Command("GET", "key", Group.String, Flags.ReadOnly, Since = "1.0.0", Cost = "O(1)", Summary = "")]
        [Command("EIGHTLTR", "key value [NX]", Group.String, Flags.Write, Since = "1.0.0", Cost = "O(1)", Summary = "")]
        [Command("SIXTEEN-LETTERS_", "(key | a b)", Group.String, Flags.Write, Since = "1.0.0", Cost = "O(1)", Summary = "")]
        [Command("TWENTY-LETTERS-IN-ALL", "", Group.String, Flags.Write, Since = "1.0.0", Cost = "O(1)", Summary = "")]
        [Command("BOX|OPEN", "lid", Group.Server, Flags.None, Since = "10.0.0", Cost = "O(1)", Summary = "")]
        [Command("BOX|SHUT", "", Group.Server, Flags.None, Since = "2.0.0", Cost = "O(1)", Summary = "")]
        public static void Handle(Execution x) => throw new NotSupportedException();
    }

    private static class Wrong
    {
        [Command("BAD", "[", Group.String, Flags.None, Since = "1.0.0", Cost = "O(1)", Summary = "")]
        public static void Handle(Execution x) => throw new NotSupportedException();
    }
}
