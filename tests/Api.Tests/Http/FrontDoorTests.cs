using System.Text;
using Galley.Api.Http;
using Galley.Api.Logging;
using Galley.Api.Rest;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Http;
using Xunit;
using LogLevel = Galley.Store.Configuration.LogLevel;

namespace Galley.Api.Tests.Http;

public sealed class FrontDoorTests : IDisposable
{
    private readonly string _logFile = Path.GetTempFileName();
    private readonly Settings _settings;
    private readonly ServerLog _log;
    private readonly FrontDoor _door;
    private readonly DefaultHttpContext _context = new();

    public FrontDoorTests()
    {
        _settings = new Settings { LogFile = _logFile };
        _log = new ServerLog(_settings, TimeProvider.System);
        _door = new FrontDoor(new Cors(new Access(_settings)), new RequestIds(), new AccessLog(_settings, _log), _log);
        _context.Request.Method = "POST";
        _context.Request.Path = "/";
        _context.Response.Body = new MemoryStream();
    }

    public void Dispose() => File.Delete(_logFile);

    [Fact]
    public async Task A_failure_of_ours_is_500_with_a_JSON_body_and_a_line_in_the_log()
    {
        await _door.ServeAsync(_context, _ => throw new InvalidOperationException("a mistake"));

        string id = _context.Response.Headers["X-Request-Id"].ToString();
        Assert.Equal(500, _context.Response.StatusCode);
        Assert.Equal($$"""{"error":"ERR internal error. The server's log has it with the request id {{id}}"}""", Body());
        Assert.Contains($"request {id} failed: InvalidOperationException: a mistake", Log());
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_414_with_a_JSON_body()
    {
        _context.Request.Path = "/get/" + new string('a', RestLimits.RequestLineBytesMax);

        await _door.ServeAsync(_context, _ => Task.CompletedTask);

        Assert.Equal(414, _context.Response.StatusCode);
        Assert.StartsWith("""{"error":"ERR the address is longer than 1048576 bytes.""", Body());
    }

    [Fact]
    public async Task A_client_that_has_gone_is_told_nothing_and_blamed_for_nothing()
    {
        _context.RequestAborted = new CancellationToken(canceled: true);

        await _door.ServeAsync(_context, _ => throw new IOException("reset"));

        Assert.Equal("", Log());
        Assert.Equal(200, _context.Response.StatusCode);
    }

    [Theory]
    [InlineData("my-id-7", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("line\nbreak", false)]
    public async Task A_request_keeps_the_identifier_that_it_came_with_if_it_is_one(string given, bool isKept)
    {
        if (given.Length > 0) _context.Request.Headers["X-Request-Id"] = given;

        await _door.ServeAsync(_context, _ => Task.CompletedTask);

        string id = _context.Response.Headers["X-Request-Id"].ToString();
        Assert.Equal(isKept, id == given);
        Assert.NotEqual("", id);
        Assert.Equal(id, _context.TraceIdentifier);
    }

    [Fact]
    public async Task The_access_log_is_written_at_verbose_and_not_at_notice()
    {
        _context.Request.Path = "/db/3/set/user:1/secret";
        _context.Request.QueryString = new QueryString("?_token=s3cret");
        await _door.ServeAsync(_context, _ => Task.CompletedTask);
        Assert.Equal("", Log());

        _settings.LogLevel = LogLevel.Verbose;
        await _door.ServeAsync(_context, _ => Task.CompletedTask);

        string line = Log();
        Assert.Matches("""- HTTP \S* "POST /db/3/set/..\?.." 200 \d+\.\d\d ms \S+\n$""", line);
        Assert.DoesNotContain("s3cret", line);
        Assert.DoesNotContain("user:1", line);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/pipeline", "/pipeline")]
    [InlineData("/get/foo", "/get/..")]
    [InlineData("/get", "/get")]
    [InlineData("/get/", "/get")]
    [InlineData("http://host/db/2/auth/user/password", "/db/2/auth/..")]
    [InlineData("/ping?_token=x", "/ping?..")]
    public void Of_an_address_only_the_command_is_written(string target, string written) =>
        Assert.Equal(written, AccessLog.Redacted(target));

    private string Body() => Encoding.UTF8.GetString(((MemoryStream)_context.Response.Body).ToArray());

    private string Log()
    {
        using var file = new StreamReader(new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
