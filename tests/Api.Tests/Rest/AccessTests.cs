using System.Net;
using System.Text;
using Galley.Api.Rest;
using Galley.Store.Configuration;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Galley.Api.Tests.Rest;

public sealed class AccessTests
{
    private readonly Settings _settings = new();
    private readonly DefaultHttpContext _context = new();

    public AccessTests()
    {
        _context.Connection.RemoteIpAddress = IPAddress.Loopback;
        _context.Request.Host = new HostString("localhost", 7379);
        _context.Request.Path = "/";
    }

    [Theory]
    [InlineData("127.0.0.1", "localhost:7379", "", 0)]
    [InlineData("::1", "[::1]:7379", "http://localhost:3000", 0)]
    [InlineData("127.0.0.1", "127.0.0.1", "http://127.0.0.1:80", 0)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST", "https://[::1]", 0)]
    [InlineData("10.0.0.7", "localhost", "", 403)]
    [InlineData("127.0.0.1", "evil.example", "", 403)]
    [InlineData("127.0.0.1", "localhost.evil.example", "", 403)]
    [InlineData("127.0.0.1", "localhost", "http://evil.example", 403)]
    [InlineData("127.0.0.1", "localhost", "http://localhost.evil.example", 403)]
    [InlineData("127.0.0.1", "localhost", "null", 403)]
    public void Without_credentials_only_this_machine_and_its_own_pages_are_served(string peer, string host, string origin, int refusal)
    {
        _context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        _context.Request.Host = new HostString(host);
        if (origin.Length > 0) _context.Request.Headers.Origin = origin;

        Assert.Equal(refusal, Refusal());
    }

    [Theory]
    [InlineData("Bearer s3cret", "", 0)]
    [InlineData("bearer s3cret", "", 0)]
    [InlineData("s3cret", "", 0)]
    [InlineData("", "?_token=s3cret", 0)]
    [InlineData("", "?EX=1&_token=s%33cret", 0)]
    [InlineData("", "", 401)]
    [InlineData("Bearer wrong", "", 401)]
    [InlineData("Bearer wrong", "?_token=s3cret", 401)]
    [InlineData("Bearer ", "", 401)]
    [InlineData("Bearer s3cret2", "", 401)]
    [InlineData("Basic !!!", "", 401)]
    [InlineData("Digest s3cret", "", 401)]
    public void With_a_token_who_shows_it_comes_in_from_anywhere(string authorization, string query, int refusal)
    {
        _settings.HttpToken = "s3cret";
        _context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.7");
        _context.Request.Host = new HostString("cache.example");
        _context.Request.Headers.Origin = "http://page.example";
        _context.Request.QueryString = new QueryString(query);
        if (authorization.Length > 0) _context.Request.Headers.Authorization = authorization;

        Assert.Equal(refusal, Refusal());
    }

    [Theory]
    [InlineData("default:pass:word", "", 0)]
    [InlineData(":pass:word", "", 0)]
    [InlineData("default:pass:word", "http://cache.example", 0)]
    [InlineData("default:wrong", "", 401)]
    [InlineData("other:pass:word", "", 401)]
    [InlineData("pass:word", "", 401)]
    [InlineData("default:pass:word", "http://page.example", 403)]
    public void With_a_password_HTTP_asks_for_it_too(string pair, string origin, int refusal)
    {
        _settings.RequirePass = "pass:word";
        _context.Request.Host = new HostString("cache.example");
        _context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
        if (origin.Length > 0) _context.Request.Headers.Origin = origin;

        Assert.Equal(refusal, Refusal());
    }

    [Fact]
    public void A_password_alone_refuses_even_this_machine()
    {
        _settings.RequirePass = "password";

        Assert.Equal(401, Refusal());
        Assert.Contains("Basic", _context.Response.Headers.WWWAuthenticate.ToString());
    }

    [Theory]
    [InlineData("Bearer writer", 1)]
    [InlineData("Bearer reader", 0)]
    [InlineData("Bearer ", -1)]
    [InlineData("Bearer", -1)]
    [InlineData("Bearer readers", -1)]
    public void The_read_only_token_grants_less(string authorization, int grant)
    {
        _settings.HttpToken = "writer";
        _settings.HttpReadOnlyToken = "reader";
        _context.Request.Headers.Authorization = authorization;

        if (grant < 0) Assert.Equal(401, Refusal());
        else Assert.Equal((Grant)grant, new Access(_settings).GrantOf(_context));
    }

    [Fact]
    public void A_read_only_token_alone_shuts_the_door_to_all_others()
    {
        _settings.HttpReadOnlyToken = "reader";

        Assert.Equal(401, Refusal());
    }

    [Fact]
    public void A_token_that_changes_at_run_time_counts_at_once()
    {
        var access = new Access(_settings);
        _settings.HttpToken = "first";
        Assert.Equal(Grant.Full, access.GrantOf("first"));
        _settings.HttpToken = "zweiter-ä";
        Assert.Null(access.GrantOf("first"));
        Assert.Equal(Grant.Full, access.GrantOf("zweiter-ä"));
        _settings.HttpToken = "";
        Assert.Null(access.GrantOf(""));
    }

    [Fact]
    public void A_refusal_says_what_to_send_and_never_the_token()
    {
        _settings.HttpToken = "s3cret";
        _context.Request.Headers.Authorization = "Bearer guess";

        var refusal = Assert.Throws<RestException>(() => new Access(_settings).GrantOf(_context));

        Assert.Equal("WRONGPASS invalid or missing auth token. Send 'Authorization: Bearer TOKEN' with the server's http-token", refusal.Message);
        Assert.Equal("Bearer", _context.Response.Headers.WWWAuthenticate.ToString());
    }

    [Theory]
    [InlineData("*", "token", "http://page.example", true)]
    [InlineData("*", "", "http://page.example", false)]
    [InlineData("*", "", "http://localhost:3000", true)]
    [InlineData("", "token", "http://page.example", false)]
    [InlineData("https://app.example http://b.example:8080/", "token", "https://app.example", true)]
    [InlineData("https://app.example http://b.example:8080/", "token", "http://b.example:8080", true)]
    [InlineData("https://app.example", "token", "http://app.example", false)]
    [InlineData("https://app.example", "token", "http://localhost:3000", false)]
    [InlineData("https://app.example", "", "https://app.example", true)]
    [InlineData("https://app.example", "", "http://localhost:3000", true)]
    [InlineData("https://app.example", "", "https://app.example.evil", false)]
    public void Origins_are_those_of_the_setting(string setting, string token, string origin, bool isAllowed)
    {
        _settings.HttpOrigins = setting;
        _settings.HttpToken = token;

        Assert.Equal(isAllowed, new Access(_settings).AllowsOrigin(origin));
    }

    private int Refusal()
    {
        try
        {
            new Access(_settings).GrantOf(_context);
            return 0;
        }
        catch (RestException refusal)
        {
            return refusal.Status;
        }
    }
}
