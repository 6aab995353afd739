namespace Galley.Conformance.Fuzz;

/// <summary>Spoils valid input in the ways that have broken servers: bits, cuts, lengths, types, repetitions.</summary>
public sealed class Mutation(Random random)
{
    private static readonly string[] Lengths =
        ["-1", "0", "1", "2", "65536", "1048576", "536870912", "536870913", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "x", ""];

    /// <summary>Bytes that mean something to one of the three doors.</summary>
    private static readonly byte[] Meaningful = "*$+-:_#,(!=%~>|\r\n\0\"'{}[]: \xFF\x81\x88\xFE"u8.ToArray();

    public byte[] Of(byte[] valid)
    {
        var bytes = new List<byte>(valid);
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--) Spoil(bytes);
        return [.. bytes];
    }

    private void Spoil(List<byte> bytes)
    {
        int at = random.Next(bytes.Count);
        switch (random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = Meaningful[random.Next(Meaningful.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 16), bytes.Count - at));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                break;
            case 5:
                ReplaceNumber(bytes, at);
                break;
            default:
                byte[] noise = new byte[random.Next(1, 32)];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
        }
    }

    /// <summary>The next run of digits becomes a number from the table.</summary>
    private void ReplaceNumber(List<byte> bytes, int from)
    {
        int start = bytes.FindIndex(from, b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0) return;
        int end = bytes.FindIndex(start, b => b is < (byte)'0' or > (byte)'9');
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, System.Text.Encoding.ASCII.GetBytes(Lengths[random.Next(Lengths.Length)]));
    }
}
