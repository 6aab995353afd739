using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Declaration;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("key", "key:Key")]
    [InlineData("key value", "key:Key value:String")]
    [InlineData("offset:integer", "offset:Integer")]
    [InlineData("[NX | XX]", "[NX|XX]")]
    [InlineData("[EX seconds:integer | KEEPTTL]", "[EX seconds:Integer|KEEPTTL]")]
    [InlineData("[LIMIT offset:integer count:integer]", "[LIMIT {offset:Integer count:Integer}]")]
    [InlineData("[COUNT count:integer [ANY]]", "[COUNT {count:Integer [ANY]}]")]
    [InlineData("(LEFT | RIGHT)", "(LEFT|RIGHT)")]
    [InlineData("[FILTERBY (MODULE name | PATTERN pattern)]", "[FILTERBY (MODULE name:String|PATTERN pattern:Pattern)]")]
    [InlineData("key...", "key:Key+")]
    [InlineData("[key ...]", "[key:Key]+")]
    [InlineData("key [key ...]", "key:Key+")]
    [InlineData("score:double member [score:double member ...]", "{score:Double member:String}+")]
    [InlineData("[GET pattern [GET pattern ...]]", "[GET pattern:Pattern++]")]
    [InlineData("STREAMS key... id...", "STREAMS key:Key+ id:String+")]
    [InlineData("(key | \"\") (* | id)", "(key:Key|\"\") (*|id:String)")]
    public void Reads_the_grammar_into_a_tree(string grammar, string tree) =>
        Assert.Equal(tree, Draw(Grammar.Parse(grammar)));

    [Theory]
    [InlineData("[key", "']' is expected")]
    [InlineData("key]", "no opening bracket")]
    [InlineData("NX | XX", "needs one round its alternatives")]
    [InlineData("[]", "holds nothing")]
    [InlineData("[NX |]", "holds nothing")]
    [InlineData("count:number", "'number' is no type")]
    [InlineData("... key", "before the end")]
    [InlineData("...", "repeats nothing")]
    public void Says_where_and_why_a_grammar_cannot_be_read(string grammar, string why)
    {
        var error = Assert.Throws<DeclarationException>(() => Grammar.Parse(grammar));
        Assert.Contains(why, error.Message);
        Assert.Contains("at character", error.Message);
    }

    private static string Draw(IEnumerable<Argument> sequence) => string.Join(' ', sequence.Select(Draw));

    private static string Draw(Argument argument)
    {
        string core = argument.Type switch
        {
            ArgumentType.PureToken => argument.Token is "" ? "\"\"" : argument.Token!,
            ArgumentType.OneOf => string.Join('|', argument.Items.Select(Draw)),
            ArgumentType.Block => $"{{{Draw(argument.Items.AsEnumerable())}}}",
            _ => $"{argument.Name}:{argument.Type}",
        };
        if (argument.Type == ArgumentType.OneOf && (argument.Token is not null || !argument.IsOptional)) core = $"({core})";
        if (argument.Token is not null && argument.Type != ArgumentType.PureToken) core = $"{argument.Token} {core}";
        if (argument.IsTokenRepeated) core += "++";
        if (argument.IsOptional) core = $"[{core}]";
        return argument.IsRepeated && !argument.IsTokenRepeated ? core + "+" : core;
    }
}
