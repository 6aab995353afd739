using System.Text.Json;
using Galley.Api.Typed;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Galley.Api.Tests.Typed;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("ERR syntax error", 400, "ERR")]
    [InlineData("ERR internal error in 'get': Exception", 500, "ERR")]
    [InlineData("NOAUTH Authentication required.", 401, "NOAUTH")]
    [InlineData("WRONGPASS invalid or missing auth token", 401, "WRONGPASS")]
    [InlineData("NOPERM this user has no permissions", 403, "NOPERM")]
    [InlineData("NOGROUP No such key", 404, "NOGROUP")]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value", 409, "WRONGTYPE")]
    [InlineData("BUSYGROUP Consumer Group name already exists", 409, "BUSYGROUP")]
    [InlineData("MOVED 866 127.0.0.1:7001", 421, "MOVED")]
    [InlineData("READONLY You can't write against a read only replica.", 421, "READONLY")]
    [InlineData("LOADING Redis is loading the dataset in memory", 503, "LOADING")]
    [InlineData("BUSY Redis is busy running a script.", 503, "BUSY")]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", 507, "OOM")]
    [InlineData("CUSTOM what a script made up", 400, "ERR")]
    [InlineData("nonsense", 400, "ERR")]
    public async Task An_error_has_the_status_of_its_code(string error, int status, string code)
    {
        var context = new DefaultHttpContext { TraceIdentifier = "r-1", Response = { Body = new MemoryStream() } };

        await Problem.OfError(error).WriteAsync(context);

        context.Response.Body.Position = 0;
        using JsonDocument problem = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal(status == 503 ? "1" : "", context.Response.Headers.RetryAfter.ToString());
        Assert.Equal(["type", "title", "status", "detail", "code", "requestId"],
            problem.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(error, problem.RootElement.GetProperty("detail").GetString());
        Assert.Equal("r-1", problem.RootElement.GetProperty("requestId").GetString());
    }
}
