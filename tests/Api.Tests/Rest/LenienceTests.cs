using System.Net;
using System.Text.Json;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;
using Xunit;

namespace Galley.Api.Tests.Rest;

/// <summary>What Upstash takes and redis-server does not, holds at the REST door and nowhere else.</summary>
public sealed class LenienceTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = _server.Client();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("COPY k k", "0", "-ERR source and destination objects are the same\r\n")]
    [InlineData("COPY k k REPLACE", "0", "-ERR source and destination objects are the same\r\n")]
    [InlineData("UNLINK", "0", "-ERR wrong number of arguments for 'unlink' command\r\n")]
    [InlineData("SCAN 0 WITHTYPE", "[\"0\",[\"k\",\"string\"]]", "-ERR syntax error\r\n")]
    [InlineData("SCAN 0 WITHTYPE COUNT 100 TYPE hash", "[\"0\",[]]", "-ERR syntax error\r\n")]
    [InlineData("SCAN 0 TYPE search", "[\"0\",[]]", "*2\r\n$1\r\n0\r\n*0\r\n")]
    public async Task A_lenience_holds_at_this_door_alone(string command, string result, string respReply)
    {
        await _client.PostAsync("/", """["SET","k","v"]""");

        Assert.Equal($$"""{"result":{{result}}}""", await _client.PostAsync("/", JsonSerializer.Serialize(command.Split(' '))));
        Assert.Equal(respReply, await AskRespAsync(command));
    }

    [Theory]
    [InlineData("DEL")]
    [InlineData("EXISTS")]
    public async Task What_is_no_lenience_stays_an_error(string command) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(HttpMethod.Post, "/", $"[\"{command}\"]")).Status);

    [Fact]
    public async Task A_transaction_is_served_as_leniently()
    {
        Assert.Equal("""[{"result":0},{"result":0}]""", await _client.PostAsync("/multi-exec", """[["UNLINK"],["COPY","a","a"]]"""));
    }

    private async Task<string> AskRespAsync(string command)
    {
        Session session = _server.Engine.OpenSession(SessionKind.Resp, "test");
        session.IsAuthenticated = true;
        var request = new DoorRequest { Session = session };
        request.Add(Arguments.Of([.. command.Split(' ').Select(System.Text.Encoding.UTF8.GetBytes)]));
        await _server.Engine.ExecuteAsync(request);
        return System.Text.Encoding.UTF8.GetString(session.Reply.Output.Drain().FirstSpan);
    }
}
