using Galley.Store.Configuration;
using Xunit;

namespace Galley.Store.Tests.Configuration;

public sealed class TextBytesTests
{
    // In code and not in attributes, whose texts are UTF-8 and so hold no lone surrogate.
    public static TheoryData<byte[], char[]> Pairs => new()
    {
        { [], [] },
        { [0x61, 0x00, 0x7F], ['a', '\0', '\u007f'] },
        { [0xC3, 0xA9], ['\u00e9'] },
        { [0xF0, 0x9F, 0x9B, 0xB6], ['\ud83d', '\udef6'] },
        { [0xC3, 0x28, 0xFF], ['\udcc3', '(', '\udcff'] },
        { [0xED, 0xB3, 0xBF], ['\udced', '\udcb3', '\udcbf'] }, // A surrogate in UTF-8 is none.
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_and_bytes_are_two_writings_of_the_same(byte[] bytes, char[] text)
    {
        Assert.Equal(new string(text), TextBytes.Decode(bytes));
        Assert.Equal(bytes, TextBytes.Encode(new string(text)));
    }

    [Fact]
    public void Any_bytes_come_back()
    {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, TextBytes.Encode(TextBytes.Decode(bytes)));
        }
    }
}
