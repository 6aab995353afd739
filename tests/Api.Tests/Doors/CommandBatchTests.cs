using Galley.Api.Doors;
using Xunit;

namespace Galley.Api.Tests.Doors;

public sealed class CommandBatchTests
{
    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(1000, 1000)]
    [InlineData(100_000, 1)]
    public void What_one_request_took_beyond_the_ordinary_is_not_kept(int commands, int arguments)
    {
        var batch = new CommandBatch();
        Fill(batch, commands, arguments);

        batch.Clear();

        Assert.InRange(batch.Room.Slices, 0, 16 * 1024);
        Assert.InRange(batch.Room.Bytes, 0, 64 * 1024);
        Fill(batch, 2, 3);
        Assert.Equal((2, 3), (batch.Count, batch[1].Count));
    }

    [Fact]
    public void What_is_ordinary_is_kept()
    {
        var batch = new CommandBatch();
        Fill(batch, 100, 3);
        (int Slices, int Bytes) room = batch.Room;

        batch.Clear();

        Assert.Equal(room, batch.Room);
    }

    private static void Fill(CommandBatch batch, int commands, int arguments)
    {
        for (int i = 0; i < commands; i++)
        {
            batch.BeginCommand();
            for (int j = 0; j < arguments; j++) batch.Add("x"u8);
        }
    }
}
