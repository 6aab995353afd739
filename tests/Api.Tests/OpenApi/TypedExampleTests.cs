using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Galley.Api.OpenApi;
using Galley.Api.Tests.Rest;
using Galley.Api.Tests.Typed;
using Galley.Api.Typed;
using Galley.Store.Commands;
using Xunit;

namespace Galley.Api.Tests.OpenApi;

/// <summary>Every example of the description is sent to a server, as somebody who reads it would.</summary>
public sealed class TypedExampleTests
{
    // The keys that the examples name, of the types that they are named after. What the table has not yet is left out.
    private static readonly string[][] Keyspace =
    [
        ["FLUSHALL"],
        ["SET", "example:string", "10"],
        ["RPUSH", "example:list", "ada", "grace"],
        ["SADD", "example:set", "ada", "grace"],
        ["HSET", "example:hash", "name", "1"],
        ["ZADD", "example:zset", "1", "ada"],
        ["GEOADD", "example:geo", "13.361389", "38.115556", "ada"],
        ["PFADD", "example:hyperloglog", "ada"],
        ["XADD", "example:stream", "0-1", "name", "ada"],
        ["XGROUP", "CREATE", "example:stream", "crew", "0"],
    ];

    // They would end the server, or hold it up.
    private static readonly string[] NotRun = ["SHUTDOWN"];

    // What a server says that did not understand the call: an example must not get there.
    private static readonly string[] Misunderstandings =
        ["syntax error", "wrong number of arguments", "is not an integer", "not a valid float", "unknown", "unsupported"];

    [Fact]
    public async Task Every_example_runs_or_ends_with_an_error_of_its_command()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpClient client = server.Client();
        var failures = new List<string>();
        int ran = 0, succeeded = 0;
        foreach (TypedOperation operation in new TypedOperations(CommandTable.Shared).All)
        {
            if (operation.Refusal is not null || NotRun.Contains(operation.Command.Name)) continue;
            await PrepareAsync(client);
            string body = BodyExample.Of(operation).ToJsonString();
            (HttpStatusCode status, string answer) = await client.SendAsync(HttpMethod.Post, operation.Path, body);
            ran++;
            if (status == HttpStatusCode.OK) succeeded++;
            else if (!IsCommandError(status, answer)) failures.Add($"{operation.Path} {body}: {(int)status} {answer}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures)
            + "\nRemedy: give the argument's name a value that works in src/Api/OpenApi/ExampleWords.cs.");
        Assert.True(ran > 80 && succeeded >= ran * 9 / 10, $"Of {ran} examples only {succeeded} succeed.");
    }

    [Theory]
    [InlineData("set", """{"key":"example:string","value":"hello","ex":60}""")]
    [InlineData("msetex", """{"pairs":[{"key":"example:string","value":"hello"}]}""")]
    [InlineData("lmove", """{"source":"example:list","destination":"example:list:2","left":true,"left2":true}""")]
    [InlineData("lmpop", """{"keys":["example:list"],"left":true,"count":10}""")]
    [InlineData("hpexpire", """{"key":"example:hash","milliseconds":60000,"fields":["name"]}""")]
    [InlineData("hsetex", """{"key":"example:hash","ex":60,"fields":[{"field":"name","value":"hello"}]}""")]
    [InlineData("hrandfield", """{"key":"example:hash"}""")]
    [InlineData("zadd", """{"key":"example:zset","pairs":[{"score":1.5,"member":"ada"}]}""")]
    [InlineData("zunion", """{"keys":["example:zset"]}""")]
    [InlineData("zrange", """{"key":"example:zset","start":"0","stop":"-1"}""")]
    [InlineData("xadd", """{"key":"example:stream","auto":true,"pairs":[{"field":"name","value":"hello"}]}""")]
    [InlineData("xread", """{"count":10,"keys":["example:stream"],"ids":["0-1"]}""")]
    [InlineData("xgroup/create", """{"key":"example:stream","group":"crew","id":"0-1"}""")]
    [InlineData("geoadd", """{"key":"example:geo","items":[{"longitude":13.361389,"latitude":38.115556,"member":"ada"}]}""")]
    [InlineData("geosearch", """{"key":"example:geo","frommember":"ada","byradius":{"radius":200,"m":true},"count":{"count":10}}""")]
    [InlineData("sort", """{"key":"example:string"}""")]
    [InlineData("eval", """{"script":"return ARGV[1]","args":["example:string"]}""")]
    [InlineData("bitfield", """{"key":"example:string"}""")]
    public void Every_form_of_grammar_has_its_example(string name, string expected)
    {
        Assert.True(LaterCommands.Operations.TryFind(name, out TypedOperation? operation));

        JsonObject example = BodyExample.Of(operation);

        Assert.Equal(expected, example.ToJsonString());
        Assert.Empty(operation.Check(JsonSerializer.SerializeToElement(example)));
    }

    private static async Task PrepareAsync(HttpClient client)
    {
        string[][] known = [.. Keyspace.Where(call => CommandTable.Shared.TryFind(System.Text.Encoding.ASCII.GetBytes(call[0]), out _))];
        (HttpStatusCode status, string answer) = await client.SendAsync(HttpMethod.Post, "/pipeline", JsonSerializer.Serialize(known));
        Assert.True(status == HttpStatusCode.OK && !answer.Contains("\"error\"", StringComparison.Ordinal), answer);
    }

    private static bool IsCommandError(HttpStatusCode status, string answer)
    {
        if (status >= HttpStatusCode.InternalServerError) return false;
        JsonNode problem = JsonNode.Parse(answer)!;
        string detail = problem["detail"]!.GetValue<string>();
        bool isOurs = problem["code"]!.GetValue<string>() is ProblemCode.Invalid or ProblemCode.Unknown;
        return !isOurs && !Misunderstandings.Any(text => detail.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
