using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

/// <summary>Random input, always from the same seeds, so that a failure comes back.</summary>
public sealed class RespReaderFuzzTests
{
    private const int Rounds = 300;

    [Fact]
    public void However_the_input_is_cut_the_commands_are_the_same()
    {
        var random = new Random(11);
        for (int round = 0; round < Rounds; round++)
        {
            (byte[] input, List<string> expected) = RandomCommands(random);
            RespReader reader = RespReaderTests.Reader();
            var commands = new List<string>();
            for (int at = 0; at < input.Length;)
            {
                int count = Math.Min(input.Length - at, RandomCut(random));
                commands.AddRange(RespReaderTests.ReadAll(reader, input.AsSpan(at, count)));
                at += count;
                if (random.Next(4) == 0) reader.Release();
            }
            Assert.Null(reader.ProtocolError);
            Assert.Equal(expected, commands);
            Assert.Equal(0, reader.PendingBytes);
        }
    }

    [Fact]
    public void Mutated_input_is_read_or_refused_and_the_same_however_it_is_cut()
    {
        var random = new Random(12);
        for (int round = 0; round < 4 * Rounds; round++)
        {
            (byte[] input, _) = RandomCommands(random);
            for (int i = random.Next(1, 6); i > 0; i--) Mutate(random, input);

            RespReader whole = RespReaderTests.Reader(isAuthenticated: round % 2 == 0);
            List<string> expected = RespReaderTests.ReadAll(whole, input);
            RespReader cut = RespReaderTests.Reader(isAuthenticated: round % 2 == 0);
            var commands = new List<string>();
            for (int at = 0; at < input.Length;)
            {
                int count = Math.Min(input.Length - at, RandomCut(random));
                commands.AddRange(RespReaderTests.ReadAll(cut, input.AsSpan(at, count)));
                at += count;
            }
            Assert.Equal(expected, commands);
            Assert.Equal(whole.ProtocolError, cut.ProtocolError);
        }
    }

    [Fact]
    public void Lent_input_is_gone_after_each_share_and_the_commands_are_the_same()
    {
        var random = new Random(13);
        byte[] turn = new byte[64 * 1024];
        for (int round = 0; round < Rounds; round++)
        {
            (byte[] input, List<string> expected) = RandomCommands(random);
            RespReader reader = RespReaderTests.Reader();
            var commands = new List<string>();
            for (int at = 0; at < input.Length || reader.PendingBytes > 0;)
            {
                int count = Math.Min(input.Length - at, Math.Min(RandomCut(random), turn.Length / 2));
                Receive(reader, input.AsSpan(at, count), turn, random.Next(turn.Length / 2));
                at += count;
                // All that is there, or a share of it, after which more may be pending.
                int share = at == input.Length ? int.MaxValue : random.Next(4);
                commands.AddRange(RespReaderTests.ReadSome(reader, share));
                if (share < int.MaxValue && random.Next(2) == 0) reader.Keep();
                else reader.Release();
                random.NextBytes(turn);
            }
            Assert.Equal(expected, commands);
            Assert.Equal(0, reader.BufferBytes);
        }

        static void Receive(RespReader reader, ReadOnlySpan<byte> input, byte[] turn, int at)
        {
            if (reader.HoldsBuffer || input.IsEmpty)
            {
                reader.Append(input);
                return;
            }
            input.CopyTo(turn.AsSpan(at));
            reader.Lend(turn, at, input.Length);
        }
    }

    [Fact]
    public void What_begins_a_command_holds_little_more_than_it_needs()
    {
        byte[] turn = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1500\r\nabc"u8.ToArray();
        RespReader reader = RespReaderTests.Reader();
        reader.Lend(turn, 0, turn.Length);
        Assert.Equal((RespReader.InputBytes, turn.Length), (reader.BufferBytes, reader.FilledBytes));
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        reader.Release();
        Assert.InRange(reader.BufferBytes, turn.Length + 1499, 4096);
    }

    [Fact]
    public void Many_arguments_in_small_pieces_keep_their_places()
    {
        const int Count = 100_000;
        var input = new StringBuilder($"PING\r\n*{Count}\r\n");
        for (int i = 0; i < Count; i++) input.Append($"$5\r\n{i:D5}\r\n");
        byte[] bytes = Encoding.ASCII.GetBytes(input.ToString());
        RespReader reader = RespReaderTests.Reader();
        Arguments arguments = Arguments.Empty;
        int commands = 0;
        for (int at = 0; at < bytes.Length; at += 997)
        {
            reader.Append(bytes.AsSpan(at, Math.Min(997, bytes.Length - at)));
            while (reader.TryRead(out Arguments read) == ReadStatus.Command)
            {
                commands++;
                arguments = read;
            }
        }
        Assert.Equal(2, commands);
        Assert.Equal(Count, arguments.Count);
        for (int i = 0; i < Count; i++) Assert.Equal($"{i:D5}", Encoding.ASCII.GetString(arguments[i]));
    }

    private static int RandomCut(Random random) => random.Next(3) switch
    {
        0 => 1,
        1 => random.Next(1, 20),
        _ => random.Next(1, 40_000),
    };

    private static void Mutate(Random random, byte[] input)
    {
        int at = random.Next(input.Length);
        input[at] = random.Next(3) switch
        {
            0 => (byte)random.Next(256),
            1 => "*$\r\n0919-\"' "u8[random.Next(12)],
            _ => (byte)(input[at] ^ (1 << random.Next(8))),
        };
    }

    private static (byte[] Input, List<string> Commands) RandomCommands(Random random)
    {
        using var input = new MemoryStream();
        var commands = new List<string>();
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => RandomWord(random))];
            commands.Add(string.Join('|', words));
            input.Write(Encoding.Latin1.GetBytes(random.Next(4) == 0 ? Inline(words) : Multibulk(words)));
            if (random.Next(5) == 0) input.Write(random.Next(2) == 0 ? "*0\r\n"u8 : "\r\n"u8);
        }
        return (input.ToArray(), commands);
    }

    private static string RandomWord(Random random)
    {
        int length = random.Next(20) switch
        {
            0 => random.Next(10_000, 60_000),
            1 or 2 => random.Next(90, 1_100),
            _ => random.Next(0, 12),
        };
        // Nothing that would make an inline command of more than 64 KiB once it is escaped.
        return string.Create(length, random, static (word, random) =>
        {
            for (int i = 0; i < word.Length; i++) word[i] = word.Length > 1_100 ? 'x' : (char)random.Next(256);
        });
    }

    private static string Multibulk(string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"));

    private static string Inline(string[] words)
    {
        string[] safe = [.. words.Select(word => word.Length > 8_000 ? word[..8_000] : word)];
        if (!safe.SequenceEqual(words)) return Multibulk(words);
        return string.Join(' ', words.Select(word => '"' + string.Concat(word.Select(Escape)) + '"')) + "\r\n";
    }

    private static string Escape(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\x{(int)c:x2}";
}
