using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;
using Xunit;

namespace Galley.Store.Tests.Engine;

public sealed class CollectorMemoryTests
{
    private const int Crowd = 10_000;
    private const long MiB = 1024 * 1024;

    private readonly SessionTable _sessions = new();
    private readonly CollectorMemory _memory;

    public CollectorMemoryTests()
    {
        _memory = new CollectorMemory(TimeProvider.System, _sessions);
    }

    [Fact]
    public void A_crowd_that_has_gone_is_collected_once_nobody_allocates()
    {
        List<Session> crowd = Come(SessionKind.Resp);
        Assert.False(_memory.IsWorthwhile(20 * MiB, collections: 0));
        Go(crowd);
        Assert.True(_memory.IsWorthwhile(20 * MiB, collections: 0));
        Assert.False(_memory.IsWorthwhile(20 * MiB, collections: 1));
    }

    [Theory]
    [InlineData(SessionKind.Resp, 15)]
    [InlineData(SessionKind.WebSocket, 150)]
    public void A_crowd_that_stays_is_left_alone(SessionKind kind, int allocatedMiB)
    {
        Come(kind);
        Assert.False(_memory.IsWorthwhile(allocatedMiB * MiB, collections: 0));
        Assert.False(_memory.IsWorthwhile(allocatedMiB * MiB, collections: 0));
    }

    [Fact]
    public void Who_was_found_alive_by_the_last_collection_and_has_gone_since_is_collected()
    {
        List<Session> crowd = Come(SessionKind.Resp);
        _memory.IsWorthwhile(12 * MiB, collections: 1);
        Assert.False(_memory.IsWorthwhile(12 * MiB, collections: 1));
        Go(crowd);
        Assert.True(_memory.IsWorthwhile(12 * MiB, collections: 1));
    }

    [Fact]
    public void Nothing_is_collected_while_much_is_allocated()
    {
        for (int second = 1; second <= 10; second++) Assert.False(_memory.IsWorthwhile(second * 50 * MiB, collections: 0));
        Assert.True(_memory.IsWorthwhile(500 * MiB, collections: 0));
    }

    private List<Session> Come(SessionKind kind)
    {
        var crowd = new List<Session>();
        for (int i = 0; i < Crowd; i++)
        {
            crowd.Add(new Session(_sessions.NextId(), kind, new OutputBuffer()));
            _sessions.Add(crowd[^1]);
        }
        return crowd;
    }

    private void Go(List<Session> crowd)
    {
        foreach (Session session in crowd) _sessions.Remove(session);
    }
}
