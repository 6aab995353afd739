using System.Globalization;
using System.Text;

namespace Galley.Conformance.Models;

/// <summary>Words at random, from one seed.</summary>
public sealed class Draw(Random random)
{
    private const double LongValueShare = 0.004;

    public int Below(int limit) => random.Next(limit);

    public int Between(int first, int afterLast) => random.Next(first, afterLast);

    public bool Chance(double share) => random.NextDouble() < share;

    /// <summary>From 0 to 1.</summary>
    public double Fraction() => random.NextDouble();

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public void Shuffle<T>(T[] items) => random.Shuffle(items);

    /// <summary>Below the limit, and the smaller the likelier.</summary>
    public int Skewed(int limit) => (int)(limit * random.NextDouble() * random.NextDouble());

    /// <summary>A key of few, of which the first are asked for most.</summary>
    public byte[] Key(string prefix, int count) => Text($"{prefix}{Skewed(count)}");

    public byte[] Integer() => Text(Chance(0.1) ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(-20, 200));

    /// <summary>One of few, so that it is met again: short texts and numbers, and now and then a long one.</summary>
    public byte[] Element(int kinds)
    {
        int number = Skewed(kinds);
        return (number % 9) switch
        {
            0 => Text(number),
            1 => Text(number * -100_003L),
            2 => [0, 0xFF, (byte)number, (byte)(number >> 8)],
            3 when number % 5 == 0 => Text(new string('l', 60 + number % 300) + number),
            _ => Text($"m{number}"),
        };
    }

    /// <summary>Any value: empty, a number, binary, short, and seldom so long that it lies alone.</summary>
    public byte[] Value()
    {
        if (Chance(LongValueShare)) return Text(new string('y', random.Next(200, 10_000)));
        switch (random.Next(8))
        {
            case 0: return Chance(0.2) ? [] : Text(random.Next(100));
            case 1: return Text(random.Next(100));
            case 2: return Text(random.NextInt64(long.MinValue, long.MaxValue));
            case 3:
                byte[] binary = new byte[random.Next(80)];
                random.NextBytes(binary);
                return binary;
            case 4: return Text(new string('x', random.Next(30, 60)));
            default: return Text("value" + random.Next(10));
        }
    }

    public static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] Text(IFormattable number) => Encoding.ASCII.GetBytes(number.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>So that it reads back as the same number.</summary>
    public static byte[] Text(double number) => Encoding.ASCII.GetBytes(number.ToString("R", CultureInfo.InvariantCulture));
}
