using System.Text;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Xunit;

namespace Galley.Api.Tests.Rest;

public sealed class PathCommandTests
{
    [Theory]
    [InlineData("/get/foo", "", "get|foo")]
    [InlineData("/set/foo", "body", "set|foo|body")]
    [InlineData("/set/foo?EX=100&NX", "body", "set|foo|body|EX|100|NX")]
    [InlineData("/set/foo/", "", "set|foo|")]
    [InlineData("/set//bar", "", "set||bar")]
    [InlineData("/set/a%20b+c?a+b=%2B", "", "set|a b+c|a b|+")]
    [InlineData("/set/100%/%zz/%4", "", "set|100%|%zz|%4")]
    [InlineData("/set/%c3%a4/%00", "", "set|ä|\0")]
    [InlineData("/get/a%2Fb/a%252Fb", "", "get|a/b|a%2Fb")]
    [InlineData("/get/foo?_token=secret&a=", "", "get|foo|a|")]
    [InlineData("/get/foo?&&", "", "get|foo")]
    [InlineData("http://host:1/get/foo?a=b", "", "get|foo|a|b")]
    public void Path_body_and_query_are_arguments_in_this_order(string target, string body, string words)
    {
        var batch = new CommandBatch();

        PathCommand.Read(RestAddress.Read(target), Encoding.UTF8.GetBytes(body), batch);

        var read = new List<string>();
        for (int i = 0; i < batch[0].Count; i++) read.Add(Encoding.UTF8.GetString(batch[0][i]));
        Assert.Equal(words, string.Join('|', read));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?EX=1")]
    [InlineData("*")]
    [InlineData("http://host")]
    public void A_path_without_a_command_is_refused(string target) =>
        Assert.Throws<RestException>(() => PathCommand.Read(RestAddress.Read(target), [], new CommandBatch()));
}
