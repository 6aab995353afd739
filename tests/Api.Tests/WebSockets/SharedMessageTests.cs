using System.Text;
using Galley.Api.PubSub;
using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

public sealed class SharedMessageTests
{
    [Theory]
    [InlineData("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n", ",\"channel\":\"c\",\"data\":\"hi\",\"n\":")]
    [InlineData(">4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$2\r\nc1\r\n$2\r\nhi\r\n", ",\"pattern\":\"c*\",\"channel\":\"c1\",\"data\":\"hi\",\"n\":")]
    [InlineData("*3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n", ",\"channel\":\"c\",\"data\":\"hi\",\"n\":")]
    [InlineData("*3\r\n$7\r\nmessage\r\n$0\r\n\r\n$0\r\n\r\n", ",\"channel\":\"\",\"data\":\"\",\"n\":")]
    public void Both_versions_of_RESP_are_read(string resp, string body)
    {
        var message = new SharedMessage(Encoding.UTF8.GetBytes(resp), 0);

        Assert.True(message.TryRead());
        Assert.True(message.TryRead());

        Assert.Equal(body, Encoding.UTF8.GetString(MessageFrame.SharedPart(message, DataMode.Utf8)));
    }

    [Fact]
    public void A_confirmation_is_no_message() =>
        Assert.False(new SharedMessage("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"u8.ToArray(), 0).TryRead());

    [Theory]
    [InlineData("Utf8", "a\"b", ",\"channel\":\"c\",\"data\":\"a\\\"b\",\"n\":")]
    [InlineData("Json", "{\"a\":1}", ",\"channel\":\"c\",\"data\":{\"a\":1},\"n\":")]
    [InlineData("Json", "no json", ",\"channel\":\"c\",\"data\":\"no json\",\"n\":")]
    [InlineData("Json", "1 2", ",\"channel\":\"c\",\"data\":\"1 2\",\"n\":")]
    [InlineData("Json", "", ",\"channel\":\"c\",\"data\":\"\",\"n\":")]
    [InlineData("Base64", "hi", ",\"channel\":\"c\",\"data\":\"aGk=\",\"enc\":\"b64\",\"n\":")]
    public void Each_mode_is_encoded_once(string mode, string payload, string body)
    {
        SharedMessage message = Message("c", payload);
        message.TryRead();
        DataMode data = Enum.Parse<DataMode>(mode);

        byte[] first = MessageFrame.SharedPart(message, data);

        Assert.Equal(body, Encoding.UTF8.GetString(first));
        Assert.Same(first, MessageFrame.SharedPart(message, data));
    }

    [Theory]
    [InlineData("Utf8")]
    [InlineData("Json")]
    public void What_is_not_UTF_8_is_base64(string mode)
    {
        var message = new SharedMessage((byte[])[.. "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$3\r\n\""u8, 0xff, .. "\"\r\n"u8], 0);
        message.TryRead();

        Assert.Equal(",\"channel\":\"c\",\"data\":\"Iv8i\",\"enc\":\"b64\",\"n\":", Encoding.UTF8.GetString(MessageFrame.SharedPart(message, Enum.Parse<DataMode>(mode))));
    }

    internal static SharedMessage Message(string channel, string payload) =>
        new(Encoding.UTF8.GetBytes($"*3\r\n$7\r\nmessage\r\n${channel.Length}\r\n{channel}\r\n${Encoding.UTF8.GetByteCount(payload)}\r\n{payload}\r\n"), 0);
}
