using System.Net;
using System.Text;
using Galley.Api.Doors;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>One session serves many clients in turn: none of them finds what another has left, or keeps the next from being served.</summary>
public sealed class PooledSessionTests
{
    [Fact]
    public async Task Field_names_of_one_client_are_not_the_next_ones()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpClient client = server.Client();
        string both = await client.PostAsync("/pipeline", """[["HIMPORT","PREPARE","u","name","mail"],["HIMPORT","SET","k","u","x","y"]]""");
        Assert.Equal("""[{"result":"OK"},{"result":"OK"}]""", both);
        Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/", """["HIMPORT","PREPARE","u","name","mail"]"""));

        Assert.Equal("""{"error":"ERR no such fieldset"}""", await client.PostAsync("/", """["HIMPORT","SET","k","u","x","y"]"""));
        Assert.Equal("""{"result":"OK"}""", await client.PostAsync("/v1/commands/himport/prepare", """{"fieldsetName":"u","fields":["name"]}"""));
        Assert.All(server.Engine.Server.Sessions.All, session => Assert.Null(session.FieldSets));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("host:")]
    public async Task A_word_of_HTTP_is_an_unknown_command_like_others(string word)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpClient client = server.Client();
        string error = $$"""{"error":"ERR unknown command '{{word}}', with args beginning with: """;

        (HttpStatusCode status, string body) = await client.SendAsync(HttpMethod.Post, "/", $"""["{word}","x"]""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(error, body, StringComparison.Ordinal);
        string rows = await client.PostAsync("/pipeline", $"""[["{word}"],["GET","a"]]""");
        Assert.StartsWith("[" + error, rows, StringComparison.Ordinal);
        Assert.EndsWith("},{\"result\":null}]", rows, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["XREADGROUP","GROUP","streams","c","BLOCK","0","STREAMS","k",">"]""")]
    [InlineData("""["XREADGROUP","GROUP","g","STREAMS","BLOCK","0","STREAMS","k",">"]""")]
    [InlineData("""["XREAD","COUNT","1","BLOCK","0","STREAMS","k","$"]""")]
    public async Task A_read_that_blocks_is_refused_whatever_its_group_is_named(string command)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpClient client = server.Client();

        Assert.Contains("ERR Command is not available: 'XREAD", await client.PostAsync("/", command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_may_be_named_like_a_word_of_the_grammar()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpClient client = server.Client();
        await client.PostAsync("/", """["XGROUP","CREATE","k","block","0","MKSTREAM"]""");

        Assert.Equal("""{"result":null}""", await client.PostAsync("/", """["XREADGROUP","GROUP","block","block","STREAMS","k",">"]"""));
    }

    [Fact]
    public async Task No_session_of_many_clients_waits()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using IDoorSession http = new EngineDoor(server.Engine).Open(DoorKind.Http, "test");
        using IDoorSession typed = new EngineDoor(server.Engine).Open(DoorKind.Typed, "test");
        var batch = new CommandBatch();
        batch.BeginCommand();
        foreach (string word in (string[])["BLPOP", "k", "0"]) batch.Add(Encoding.ASCII.GetBytes(word));

        DoorReply reply = await http.ExecuteAsync(batch, isAtomic: false).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("*-1\r\n", Encoding.ASCII.GetString(reply.Resp.Span));
        reply = await typed.ExecuteAsync(batch, isAtomic: false).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("_\r\n", Encoding.ASCII.GetString(reply.Resp.Span));
    }

    [Fact]
    public async Task A_command_is_refused_under_any_name()
    {
        await using ApiServer server = await ApiServer.StartAsync(settings =>
        {
            settings.RenamedCommands.Add(new Directive("rename-command", ["MULTI", "begin"], "rename-command ..", "a test"));
            settings.RenamedCommands.Add(new Directive("rename-command", ["BLPOP", "wait-and-pop"], "rename-command ..", "a test"));
        });
        using HttpClient client = server.Client();

        Assert.Contains("ERR Command is not available: 'begin'", await client.PostAsync("/", """["begin"]"""), StringComparison.Ordinal);
        Assert.Contains("ERR Command is not available: 'Wait-and-Pop'", await client.PostAsync("/pipeline", """[["Wait-and-Pop","k","0"]]"""), StringComparison.Ordinal);
        Assert.Equal("""{"result":"PONG"}""", await client.PostAsync("/", """["PING"]"""));
    }
}
