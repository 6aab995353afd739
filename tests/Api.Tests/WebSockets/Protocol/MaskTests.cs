using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Protocol;

public sealed class MaskTests
{
    [Fact]
    public void Each_byte_meets_its_byte_of_the_mask()
    {
        for (int length = 0; length < 40; length++)
        {
            byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            byte[] masked = [.. payload.Select((value, i) => (byte)(value ^ (i % 4 + 1)))];

            Mask.Apply(masked, 0x04030201);

            Assert.Equal(payload, masked);
        }
    }
}
