using System.Buffers;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands.Strings;

public sealed class LargeReplyTests
{
    [Theory]
    [InlineData("SETRANGE", "big", "0", "X")]
    [InlineData("APPEND", "big", "X")]
    [InlineData("SET", "big", "small")]
    [InlineData("DEL", "big")]
    public void A_reply_shows_the_value_as_it_was_whatever_happens_to_the_key_before_it_is_sent(params string[] change)
    {
        using var engine = new EngineFixture();
        TestClient client = engine.Connect();
        string value = new('v', 200_000);
        client.Run("SET", "big", value);
        client.Run("DEL big");
        client.Run("PING");
        long before = engine.Server.Databases.Arena.UsedBytes;
        client.Run("SET", "big", value);

        var request = new DoorRequest { Session = client.Session };
        Add(request, "GET", "big");
        Add(request, change);
        ValueTask done = engine.Engine.ExecuteAsync(request);
        Assert.True(done.IsCompletedSuccessfully, "Nobody else holds the gate, so that the commands have run.");
        string replies = Encoding.Latin1.GetString(client.Session.Reply.Output.Drain().ToArray());

        Assert.StartsWith($"$200000\r\n{value}\r\n", replies, StringComparison.Ordinal);
        client.Run("DEL big");
        client.Run("PING");
        Assert.Equal(before, engine.Server.Databases.Arena.UsedBytes);
    }

    private static void Add(DoorRequest request, params string[] words)
    {
        Arguments arguments = Arguments.Of(Array.ConvertAll(words, Encoding.Latin1.GetBytes));
        request.Add(in arguments);
    }
}
