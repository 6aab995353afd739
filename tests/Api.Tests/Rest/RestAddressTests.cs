using Galley.Api.Rest;
using Xunit;

namespace Galley.Api.Tests.Rest;

public sealed class RestAddressTests
{
    [Theory]
    [InlineData("/", 0, "Command", 0, "/", "")]
    [InlineData("/pipeline", 0, "Pipeline", 0, "/pipeline", "")]
    [InlineData("/pipeline/?a=b", 0, "Pipeline", 0, "/pipeline/", "a=b")]
    [InlineData("/multi-exec", 0, "Transaction", 0, "/multi-exec", "")]
    [InlineData("/get/foo?x", 0, "Path", 0, "/get/foo", "x")]
    [InlineData("/db/7", 0, "Command", 7, "", "")]
    [InlineData("/db/7/", 0, "Command", 7, "/", "")]
    [InlineData("/db/15/pipeline", 0, "Pipeline", 15, "/pipeline", "")]
    [InlineData("/db/3/get/db/4", 0, "Path", 3, "/get/db/4", "")]
    [InlineData("/db/x/get", 0, "Path", 0, "/db/x/get", "")]
    [InlineData("/db/-1/get", 0, "Path", 0, "/db/-1/get", "")]
    [InlineData("/db/99999999999/get", 0, "Path", 0, "/db/99999999999/get", "")]
    [InlineData("/cache", 1, "Command", 0, "", "")]
    [InlineData("/cache/", 1, "Command", 0, "/", "")]
    [InlineData("/a/b/db/2/multi-exec", 2, "Transaction", 2, "/multi-exec", "")]
    [InlineData("/c%61che/get/foo?_token=t", 1, "Path", 0, "/get/foo", "_token=t")]
    [InlineData("http://host:1/cache/get/foo", 1, "Path", 0, "/get/foo", "")]
    [InlineData("http://host", 0, "Command", 0, "", "")]
    [InlineData("http://host?a=/b", 0, "Path", 0, "/b", "")]
    [InlineData("*", 0, "Command", 0, "", "")]
    public void An_address_has_its_parts(string target, int prefixSegments, string form, int databaseId, string path, string query)
    {
        RestAddress address = RestAddress.Read(target, prefixSegments);

        Assert.Equal((form, databaseId, path, query), (address.Form.ToString(), address.DatabaseId, address.Path.ToString(), address.Query.ToString()));
    }

    [Theory]
    [InlineData("/get/foo?_token=a%2Fb&x=y", "a/b")]
    [InlineData("/get/foo?x=y&_token=", "")]
    [InlineData("/get/foo?x_token=a", "")]
    [InlineData("/get/_token=a", "")]
    public void A_token_may_stand_in_the_query(string target, string token) =>
        Assert.Equal(token, RestAddress.TokenOf(target).ToString());
}
