using System.Text;
using Galley.Api.Doors;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Xunit;

namespace Galley.Api.Tests.Doors;

public sealed class EngineSessionTests
{
    [Fact]
    public async Task A_session_that_has_ended_waits_for_nothing()
    {
        using var engine = new GalleyEngine(new Settings { AppendOnly = false }, CommandTable.Shared, TimeProvider.System);
        engine.Start();
        IDoorSession session = new EngineDoor(engine).Open(DoorKind.WebSocket, "");
        session.Dispose();

        var batch = new CommandBatch();
        foreach (string[] words in new[] { ["BLPOP", "k", "0"], new[] { "SET", "k", "v" } })
        {
            batch.BeginCommand();
            foreach (string word in words) batch.Add(Encoding.ASCII.GetBytes(word));
        }
        DoorReply reply = await session.ExecuteAsync(batch, isAtomic: false).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Matches("^(-UNBLOCKED [^\r]+\r\n){2}$", Encoding.ASCII.GetString(reply.Resp.Span));
        engine.InTurn(() => Assert.Equal(0, engine.Server.Blocking.Count));
    }
}
