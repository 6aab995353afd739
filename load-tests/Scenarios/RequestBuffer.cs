using System.Globalization;
using System.Text;

namespace Galley.LoadTests;

/// <summary>Commands to be sent together, in one array that is used again.</summary>
public sealed class RequestBuffer
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Commands since it was cleared.</summary>
    public int Commands { get; private set; }

    public void Clear() => _length = Commands = 0;

    /// <summary>Begins a command of so many words, its name included, all of which follow.</summary>
    public RequestBuffer Command(int words, string name)
    {
        Commands++;
        Line('*', words);
        return Word(name);
    }

    public RequestBuffer Word(string word)
    {
        Line('$', word.Length);
        Encoding.ASCII.GetBytes(word, Room(word.Length));
        return EndWord(word.Length);
    }

    public RequestBuffer Word(ReadOnlySpan<byte> word)
    {
        Line('$', word.Length);
        word.CopyTo(Room(word.Length));
        return EndWord(word.Length);
    }

    public RequestBuffer Word(long number) => Word(number.ToString(CultureInfo.InvariantCulture));

    private RequestBuffer EndWord(int length)
    {
        _length += length;
        "\r\n"u8.CopyTo(Room(2));
        _length += 2;
        return this;
    }

    private void Line(char kind, int number)
    {
        Span<byte> room = Room(16);
        room[0] = (byte)kind;
        number.TryFormat(room[1..], out int digits, default, CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(room[(1 + digits)..]);
        _length += digits + 3;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
