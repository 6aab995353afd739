using System.Buffers.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// The end of the effect log: what the present turn has changed, as the commands that repeat it. Its reader (the
/// append-only file, later the backlog) takes the bytes when the turn ends; without a reader nothing is written.
/// <para>
/// Several commands between <see cref="BeginUnit"/> and <see cref="EndUnit"/> are wrapped in MULTI and EXEC, so that
/// a reader has all of them or none. A unit of more than <see cref="HeldBytesMax"/> is taken part by part, its EXEC at last.
/// </para>
/// </summary>
public sealed class EffectBuffer
{
    private const int IdleBytesMax = 1024 * 1024;
    private const int NoDatabase = -1;

    /// <summary>One array holds what is pending, and a script can change far more than the two gigabytes that fit one.</summary>
    private const int HeldBytesMax = 64 * 1024 * 1024;

    private readonly EffectWriter _writer;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _database = NoDatabase;
    private int _unitDepth;
    private int _unitStart;
    private int _unitCount;
    private bool _unitHasMulti;
    private bool _unitIsAwaited;
    private int _partsTaken;
    private int _commandStart;
    private int _wordsMissing;

    public EffectBuffer() => _writer = new EffectWriter(this);

    /// <summary>Somebody reads the log.</summary>
    public bool IsRead { get; set; }

    /// <summary>DEBUG AOF-FLUSH-SLEEP: what the present turn has changed waits so long before it is written.</summary>
    public TimeSpan WriteDelay { get; set; }

    /// <summary>Offset of the log's end: bytes that were ever written to it.</summary>
    public long EndOffset { get; private set; }

    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(0, _length);

    /// <summary>More is pending than is to be held: the reader takes it now, though the turn has not ended.</summary>
    internal Action Overflows { get; set; } = static () => { };

    /// <summary>
    /// What is pushed, or ends, just now is stored when the log is stored up to here; it comes so far in any case. Where a unit that is
    /// under way ends nobody knows, but none of it is stored before all of it is told.
    /// </summary>
    public long TakeOffset()
    {
        if (_unitDepth == 0 || _length == _unitStart) return EndOffset;
        _unitIsAwaited = true;
        return SettledOffset + 1;
    }

    /// <summary>Begins a command of so many words on a database; the writer takes exactly as many.</summary>
    public EffectWriter Begin(int database, int words)
    {
        if (!IsRead) return EffectWriter.Discard;
        if (_length > HeldBytesMax) Overflow();
        _commandStart = _length;
        // It is torn until its last word is there, SELECT and its own head included.
        _wordsMissing = int.MaxValue;
        Select(database);
        _unitCount++;
        Header((byte)'*', words);
        _wordsMissing = words;
        return _writer;
    }

    /// <summary>A command as it came.</summary>
    public void Append(int database, in Arguments command)
    {
        if (!IsRead) return;
        EffectWriter writer = Begin(database, command.Count);
        for (int i = 0; i < command.Count; i++) writer.Word(command[i]);
    }

    public void BeginUnit()
    {
        if (_unitDepth++ > 0) return;
        _unitStart = _length;
        _unitCount = 0;
        _unitHasMulti = _unitIsAwaited = false;
    }

    public void EndUnit()
    {
        if (--_unitDepth > 0 || (_unitCount < 2 && !_unitHasMulti)) return;
        BeginMulti();
        Raw(ExecCommand);
    }

    /// <summary>How many units have begun, one within the other, and not ended.</summary>
    public int UnitDepth => _unitDepth;

    /// <summary>A command has failed: what it logged so far has happened, and stays; half a command is none.</summary>
    /// <param name="depth">The units that had begun before the command: they go on.</param>
    public void AbandonUnits(int depth)
    {
        if (_wordsMissing > 0) CutTo(_commandStart, _unitCount - 1);
        while (_unitDepth > depth) EndUnit();
    }

    /// <summary>A place within the unit that is under way, for <see cref="RollBackTo"/>.</summary>
    public UnitMark Mark => new(_length - _unitStart, _unitCount, _partsTaken);

    /// <summary>The unit can be rolled back to there: the reader has taken nothing of it since.</summary>
    public bool Holds(UnitMark mark) => mark.PartsTaken == _partsTaken;

    /// <summary>What the unit that is under way has told since then has not happened.</summary>
    public void RollBackTo(UnitMark mark)
    {
        if (!Holds(mark)) return;
        CutTo(_unitStart + mark.Bytes, mark.Commands);
        // Somebody was shown what has not happened, and waits for the log to go on: so it does.
        if (_unitIsAwaited && _length == _unitStart) Select(0);
    }

    /// <summary>The reader has taken what is pending.</summary>
    public void Taken()
    {
        _length = _unitStart = _unitCount = _commandStart = 0;
        if (_bytes.Length > IdleBytesMax) _bytes = new byte[4096];
    }

    /// <summary>What was told before the unit that is under way, and is whole whatever becomes of that.</summary>
    public ReadOnlySpan<byte> Settled => _bytes.AsSpan(0, _unitDepth > 0 ? _unitStart : _length);

    /// <summary>The offset at which <see cref="Settled"/> ends.</summary>
    public long SettledOffset => EndOffset - (_unitDepth > 0 ? _length - _unitStart : 0);

    /// <summary>The reader has taken what is settled; the rest stays.</summary>
    public void SettledTaken()
    {
        int taken = Settled.Length;
        _bytes.AsSpan(taken, _length - taken).CopyTo(_bytes);
        _length -= taken;
        _unitStart = 0;
    }

    /// <summary>A new reader knows of no database yet: the next command begins with SELECT.</summary>
    public void ForgetDatabase() => _database = NoDatabase;

    internal void Word(ReadOnlySpan<byte> word)
    {
        Header((byte)'$', word.Length);
        Raw(word);
        Raw("\r\n"u8);
        _wordsMissing--;
    }

    internal void Word(long integer)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(integer, digits, out int count);
        Word(digits[..count]);
    }

    private static ReadOnlySpan<byte> MultiCommand => "*1\r\n$5\r\nMULTI\r\n"u8;

    private static ReadOnlySpan<byte> ExecCommand => "*1\r\n$4\r\nEXEC\r\n"u8;

    /// <summary>Hands on what there is. A unit whose beginning goes with it is one of several commands from here on.</summary>
    private void Overflow()
    {
        if (_unitDepth > 0 && _length > _unitStart)
        {
            BeginMulti();
            _partsTaken++;
        }
        Overflows();
    }

    /// <summary>Puts MULTI before what the unit has told so far, if it has none, and sees to it that EXEC will have room.</summary>
    private void BeginMulti()
    {
        Reserve(MultiCommand.Length + ExecCommand.Length);
        if (_unitHasMulti) return;
        _unitHasMulti = true;
        _bytes.AsSpan(_unitStart, _length - _unitStart).CopyTo(_bytes.AsSpan(_unitStart + MultiCommand.Length));
        MultiCommand.CopyTo(_bytes.AsSpan(_unitStart));
        _length += MultiCommand.Length;
        EndOffset += MultiCommand.Length;
    }

    private void CutTo(int length, int unitCount)
    {
        EndOffset -= _length - length;
        _length = length;
        _unitCount = unitCount;
        _wordsMissing = 0;
        ForgetDatabase();
    }

    private void Select(int database)
    {
        if (database == _database) return;
        _database = database;
        Header((byte)'*', 2);
        Word("SELECT"u8);
        Word(database);
    }

    private void Header(byte type, int number)
    {
        Reserve(16);
        Span<byte> room = _bytes.AsSpan(_length);
        room[0] = type;
        Utf8Formatter.TryFormat(number, room[1..], out int count);
        room[count + 1] = (byte)'\r';
        room[count + 2] = (byte)'\n';
        _length += count + 3;
        EndOffset += count + 3;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        EndOffset += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length >= count) return;
        Array.Resize(ref _bytes, (int)Math.Max((long)_length + count, Math.Min(2L * _bytes.Length, Array.MaxLength)));
    }
}

/// <summary>How much of a unit had been told: bytes and commands, and what the reader had taken of such units before.</summary>
public readonly record struct UnitMark(int Bytes, int Commands, int PartsTaken);
