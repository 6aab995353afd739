namespace Galley.Store.Tests.Commands.Connection;

public sealed class AuthTests
{
    private const string WrongPassword = "-WRONGPASS invalid username-password pair or user is disabled.";

    [Fact]
    public void Nothing_runs_before_the_password_and_reset_asks_for_it_again()
    {
        using var fixture = new EngineFixture(configure: settings => settings.RequirePass = "secret");
        TestConnection connection = TestConnection.From("127.0.0.1:5000");
        TestClient client = fixture.Connect(connection);
        Assert.Equal("+RESET", client.Run("RESET"));
        Assert.Equal("-NOAUTH Authentication required.", client.Run("GET a"));
        Assert.Equal(WrongPassword, client.Run("AUTH secre"));
        Assert.Equal(WrongPassword, client.Run("AUTH other secret"));
        Assert.False(connection.Reader.IsAuthenticated);
        Assert.Equal("+OK", client.Run("AUTH default secret"));
        Assert.True(connection.Reader.IsAuthenticated);
        Assert.Equal("$-1", client.Run("GET a"));
        // A wrong password later does not take away what was given.
        Assert.Equal(WrongPassword, client.Run("AUTH wrong"));
        Assert.Equal("$-1", client.Run("GET a"));
    }

    [Fact]
    public void Hello_authenticates_names_and_chooses_the_protocol_at_once()
    {
        using var fixture = new EngineFixture(configure: settings => settings.RequirePass = "secret");
        TestClient client = fixture.Connect();
        client.Run("RESET");
        Assert.StartsWith("-NOAUTH HELLO must be called", client.Run("HELLO 3"), StringComparison.Ordinal);
        Assert.Equal(WrongPassword, client.Run("HELLO 3 AUTH default nonsense"));
        Assert.StartsWith("%7 $6 server $5 redis $7 version $5 7.4.0 $5 proto :3 $2 id ",
            client.Run("HELLO 3 AUTH default secret SETNAME me"), StringComparison.Ordinal);
        Assert.Equal("$2 me", client.Run("CLIENT GETNAME"));
        Assert.Equal("_", client.Run("GET a"));
    }

    [Fact]
    public void Without_a_password_the_default_user_may_come_with_any()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.StartsWith("-ERR AUTH <password> called without any password configured", client.Run("AUTH x"), StringComparison.Ordinal);
        Assert.Equal("+OK", client.Run("AUTH default x"));
        Assert.Equal(WrongPassword, client.Run("AUTH other x"));
    }
}
