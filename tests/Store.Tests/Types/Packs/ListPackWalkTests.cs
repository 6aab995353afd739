using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>The one quick walk says what the two thorough ones say, of whole packs and of damaged ones.</summary>
public sealed class ListPackWalkTests
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_agrees_on_bytes_that_were_changed(int seed)
    {
        var random = new Random(seed);
        int valid = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] pack = Pack(random);
            for (int changes = random.Next(3); changes > 0 && pack.Length > 0; changes--)
                pack[random.Next(pack.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(8) + '0');
            if (random.Next(4) == 0) pack = pack[..random.Next(pack.Length + 1)];
            bool isValid = ListPack.IsValid(pack, out int count);
            Assert.Equal(isValid, ListPackCheck.TryWalk(pack, out PackFacts facts));
            if (!isValid) continue;
            valid++;
            Assert.Equal((count, ListPackCheck.IsCanonical(pack)), (facts.Count, facts.IsCanonical));
            Assert.True(facts.ElementBytesMax >= Longest(pack));
        }
        Assert.True(valid > Rounds / 10, $"{valid}");
    }

    private static byte[] Pack(Random random)
    {
        var room = new byte[40_000];
        int length = 0;
        for (int left = random.Next(6); left > 0; left--)
        {
            length += random.Next(3) switch
            {
                0 => ListPack.Write(room.AsSpan(length), random.NextInt64(-1L << random.Next(1, 62), 1L << random.Next(1, 62))),
                1 => ListPack.Write(room.AsSpan(length), Encoding.ASCII.GetBytes("text" + new string('x', random.Next(70)))),
                _ => ListPack.Write(room.AsSpan(length), new byte[random.Next(random.Next(2) == 0 ? 200 : 5000)]),
            };
        }
        return room[..length];
    }

    private static int Longest(byte[] pack)
    {
        int longest = 0;
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at)) longest = Math.Max(longest, ListPack.Read(pack, at).Length);
        return longest;
    }
}
