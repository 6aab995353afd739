using System.Text;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Strings;

public sealed class LcsTableTests
{
    [Fact]
    public void Agrees_with_the_definition_on_random_strings()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            byte[] a = RandomText(random), b = RandomText(random);
            var table = new LcsTable(a, b, findsRuns: true);
            Assert.Equal(LengthByDefinition(a, b), table.Length);
            var text = new StringBuilder();
            int sum = 0, endA = a.Length, endB = b.Length;
            while (table.TryTakeRun(out LcsRun run))
            {
                Assert.True(run.InA + run.Length <= endA && run.InB + run.Length <= endB, "Runs come last first and do not overlap.");
                Assert.Equal(a.AsSpan(run.InA, run.Length), b.AsSpan(run.InB, run.Length));
                (endA, endB) = (run.InA, run.InB);
                sum += run.Length;
                text.Insert(0, Encoding.ASCII.GetString(a, run.InA, run.Length));
            }
            Assert.Equal(table.Length, sum);
            table.Dispose();
        }
    }

    private static byte[] RandomText(Random random)
    {
        var text = new byte[random.Next(0, 90)];
        for (int i = 0; i < text.Length; i++) text[i] = (byte)('a' + random.Next(3));
        return text;
    }

    private static int LengthByDefinition(byte[] a, byte[] b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
                length[i, j] = a[i - 1] == b[j - 1] ? length[i - 1, j - 1] + 1 : Math.Max(length[i - 1, j], length[i, j - 1]);
        return length[a.Length, b.Length];
    }
}
