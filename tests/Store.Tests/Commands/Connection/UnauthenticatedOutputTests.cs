using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Connection;

public sealed class UnauthenticatedOutputTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_has_not_authenticated_and_reads_nothing_is_cut_off(bool isAuthenticated)
    {
        using var engine = new EngineFixture();
        TestConnection connection = TestConnection.From("127.0.0.1:5000");
        var session = new Session(1, SessionKind.Resp, connection.Output) { Connection = connection, IsAuthenticated = isAuthenticated };
        while (connection.Output.PendingBytes < RespLimits.UnauthenticatedOutputBytesMax)
        {
            Assert.False(connection.WasAborted);
            session.Reply.Error(Errors.NoAuth);
            OutputGuard.Enforce(session, engine.Server);
        }
        Assert.Equal(!isAuthenticated, connection.WasAborted);
    }
}
