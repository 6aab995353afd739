using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;
using Galley.Store.Persistence.Files;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Loads one file of the set. A unit (MULTI to EXEC) is read twice: once to know that its EXEC is there, then to be
/// applied, so that nothing of a torn unit is ever seen; the second time it comes from the buffer.
/// </summary>
internal sealed class AofLoadPass : IDisposable
{
    private static readonly Arguments SelectZero = Arguments.Of("SELECT"u8.ToArray(), "0"u8.ToArray());

    private readonly AofOptions _options;
    private readonly AofFile _source;
    private readonly bool _isLast;
    private readonly IEffectTarget _target;
    private readonly RdbLoader? _snapshots;
    private readonly string _path;
    private readonly IFile _file;
    private readonly AofReader _reader;
    private readonly long _end;

    public AofLoadPass(AofOptions options, AofFile source, bool isLast, IEffectTarget target, RdbLoader? snapshots)
    {
        (_options, _source, _isLast, _target, _snapshots) = (options, source, isLast, target, snapshots);
        _path = Path.Combine(AofFolder.Locate(options), source.Name);
        _file = options.Files.OpenRead(_path);
        _end = source.Length ?? _file.Length;
        _reader = new AofReader(_file, _end);
    }

    public AofLoadResult Load(long progressStepBytes, Action<long> progress)
    {
        long start = LoadSnapshot(progress);
        _reader.Return(start);
        _target.Apply(SelectZero);
        long commands = 0;
        long nextProgress = start + progressStepBytes;
        AofReadStatus status;
        while ((status = _reader.TryRead(out Arguments command)) == AofReadStatus.Command)
        {
            if (!IsWord(command, "MULTI"u8)) commands += ApplyOne(command, start);
            else if ((status = FindExec(start)) != AofReadStatus.Command) break;
            else commands += ApplyUnit(start);
            start = _reader.Position;
            if (start < nextProgress) continue;
            progress(start);
            nextProgress = start + progressStepBytes;
        }
        if (status != AofReadStatus.End) Cut(status, start);
        if (_file.Length > _end) Truncate(_end);
        return new AofLoadResult(commands, start, status == AofReadStatus.End ? 0 : _end - start);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Loads what a file in RDB form begins with, and returns where it ends; commands may follow.</summary>
    private long LoadSnapshot(Action<long> progress)
    {
        Span<byte> magic = stackalloc byte[6];
        int length = _file.Read(magic, 0);
        if (!RdbLoader.IsMagic(magic[..length])) return 0;
        if (_snapshots is null) throw new PersistenceException($"The AOF file {_source.Name} is in RDB form, and nobody reads it.");
        return _snapshots.Load(_file, _source.Name, progress).Bytes;
    }

    /// <summary>
    /// Looks for the EXEC of the MULTI at a position and comes back; what ends the search instead tells why there is
    /// none.
    /// </summary>
    private AofReadStatus FindExec(long multi)
    {
        AofReadStatus status;
        while ((status = _reader.TryRead(out Arguments command)) == AofReadStatus.Command)
        {
            if (!IsWord(command, "EXEC"u8)) continue;
            _reader.Return(multi);
            return AofReadStatus.Command;
        }
        _options.Log($"Revert incomplete MULTI/EXEC transaction in AOF file {_source.Name}");
        return status == AofReadStatus.End ? AofReadStatus.Torn : status;
    }

    private int ApplyOne(in Arguments command, long start)
    {
        if (IsWord(command, "EXEC"u8))
        {
            _options.Log($"EXEC without MULTI at offset {start} of AOF file {_source.Name}: skipped");
            return 0;
        }
        Hand(command, start);
        return 1;
    }

    /// <summary>Applies the unit that begins at a position, and returns how many commands that were.</summary>
    private long ApplyUnit(long start)
    {
        long commands = 0;
        bool isInside = false;
        while (_reader.TryRead(out Arguments command) == AofReadStatus.Command)
        {
            // redis-server can leave a MULTI behind where it cut a torn unit off, and reads past it afterwards.
            bool isNested = isInside && IsWord(command, "MULTI"u8);
            if (isNested) _options.Log($"MULTI inside MULTI at offset {start} of AOF file {_source.Name}: skipped");
            else Hand(command, start);
            commands++;
            isInside = true;
            if (IsWord(command, "EXEC"u8)) break;
        }
        return commands;
    }

    private void Hand(in Arguments command, long start)
    {
        try
        {
            _target.Apply(command);
        }
        catch (Exception failure) when (failure is not PersistenceException)
        {
            string name = Encoding.Latin1.GetString(command[0][..Math.Min(command[0].Length, 128)]);
            throw new PersistenceException(
                $"Can't run the command '{name}' at offset {start} of AOF file {_source.Name}: {failure.Message}",
                failure);
        }
    }

    /// <summary>Cuts the end of the last file off, if that is what is wrong; otherwise stops the start.</summary>
    private void Cut(AofReadStatus status, long valid)
    {
        if (status == AofReadStatus.Damaged && _isLast && _end - valid <= _options.CorruptTailBytesMax())
        {
            CutDamage(valid);
            return;
        }
        if (status == AofReadStatus.Damaged && !(_isLast && _reader.IsZeroFrom(_reader.DamageOffset)))
        {
            throw new PersistenceException(
                $"Bad file format reading the append only file {_source.Name} at offset {_reader.DamageOffset}: make "
                + "a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>");
        }
        if (!_isLast)
        {
            throw new PersistenceException(
                $"The AOF file {_source.Name} ends in the middle of a command at offset {valid}. "
                + "Fatal error: the truncated file is not the last file");
        }
        if (!_options.LoadsTruncated)
        {
            throw new PersistenceException(
                $"Unexpected end of file reading the append only file {_source.Name}. You can: 1) Make a backup "
                + "of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the "
                + "'aof-load-truncated' configuration option to yes and restart the server.");
        }
        _options.Log($"!!! Warning: short read while loading the AOF file {_source.Name}!!!");
        _options.Log($"!!! Truncating the AOF {_source.Name} at offset {valid} !!!");
        Truncate(valid);
        _options.Log($"AOF {_source.Name} loaded anyway because aof-load-truncated is enabled");
    }

    /// <summary>So little is damaged that the server is to start without it.</summary>
    private void CutDamage(long valid)
    {
        _options.Log($"!!! Warning: bad file format at offset {_reader.DamageOffset} of the AOF file {_source.Name}!!!");
        _options.Log($"!!! Truncating the AOF {_source.Name} at offset {valid}: the {_end - valid} bytes behind it are lost !!!");
        Truncate(valid);
        _options.Log($"AOF {_source.Name} loaded anyway because aof-load-corrupt-tail-max-size is {_options.CorruptTailBytesMax()}");
    }

    private void Truncate(long length)
    {
        using IFile file = _options.Files.OpenWrite(_path);
        file.Truncate(length);
        file.Flush();
    }

    private static bool IsWord(in Arguments command, ReadOnlySpan<byte> upperCaseWord) =>
        command.Count == 1 && Ascii.EqualsIgnoreCase(command[0], upperCaseWord);
}
