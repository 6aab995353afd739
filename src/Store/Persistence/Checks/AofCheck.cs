using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Checks;

/// <summary>What a check of an append-only file is to do beside looking.</summary>
/// <param name="Fixes">Ask whether what is damaged is to be cut off, and cut it off.</param>
/// <param name="TimestampSeconds">Cut off what is younger, in seconds of Unix time; 0 for nothing.</param>
internal readonly record struct AofCheckOptions(bool Fixes, long TimestampSeconds);

/// <summary>Reads one file of commands, which may begin as RDB, and says up to where it is whole; on demand it is cut there.</summary>
internal sealed class AofCheck(IFiles files, CheckOutput output, TextReader answers, TimeProvider time, AofCheckOptions options)
{
    private readonly record struct Findings(long Size, long ValidTo, long Lines, long YoungerFrom);

    /// <summary>Checks a file; false where all has to end, because it is damaged and stays so.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">What it is called in what is said.</param>
    /// <param name="kind">Stands before the name where all is well: "BASE AOF".</param>
    /// <param name="length">It counts up to here, and no further; null for all of it.</param>
    public bool Run(string path, string name, string kind, bool isLast, long? length = null)
    {
        Findings findings;
        using (IFile file = files.OpenRead(path))
        {
            long size = Math.Min(file.Length, length ?? long.MaxValue);
            if (size == 0)
            {
                output.Say($"{kind} {name} is empty");
                return true;
            }
            if (!TryReadPreamble(file, name, out long start)) return false;
            findings = Read(file, name, start, size);
        }
        if (options.TimestampSeconds > 0 && findings.ValidTo >= Math.Min(findings.Size, findings.YoungerFrom))
            return TruncateToTimestamp(path, name, kind, isLast, findings);
        output.Say(string.Create(CultureInfo.InvariantCulture, $"AOF analyzed: filename={name}, size={findings.Size}, "
            + $"ok_up_to={findings.ValidTo}, ok_up_to_line={findings.Lines}, diff={findings.Size - findings.ValidTo}"));
        if (findings.ValidTo == findings.Size)
        {
            output.Say($"{kind} {name} is valid");
            return true;
        }
        return options.Fixes ? Fix(path, name, isLast, findings) : SayInvalid(name);
    }

    private bool TryReadPreamble(IFile file, string name, out long end)
    {
        end = 0;
        Span<byte> magic = stackalloc byte[6];
        int length = file.Read(magic, 0);
        if (!RdbLoader.IsMagic(magic[..length])) return true;
        bool isWhole = RdbCheck.Run(file, name, output, time, out end);
        output.Say(isWhole ? "RDB preamble is OK, proceeding with AOF tail..." : "RDB preamble of AOF file is not sane, aborting.");
        return isWhole;
    }

    /// <summary>Reads commands up to the first that is damaged, or to a MULTI without its EXEC.</summary>
    private Findings Read(IFile file, string name, long start, long size)
    {
        long lines = 1, validTo = start, youngerFrom = long.MaxValue;
        bool isInUnit = false;
        var reader = new AofReader(file, size)
        {
            AnnotationRead = (line, offset) =>
            {
                if (!isInUnit && youngerFrom == long.MaxValue && IsYounger(line)) youngerFrom = offset;
                if (!isInUnit) validTo = offset + line.Length;
            },
        };
        reader.Return(start);
        AofReadStatus status;
        while ((status = reader.TryRead(out Arguments command)) == AofReadStatus.Command)
        {
            lines += 1 + (2L * command.Count);
            if (command.Count == 1 && Ascii.EqualsIgnoreCase(command[0], "MULTI"u8)) isInUnit = true;
            else if (command.Count == 1 && Ascii.EqualsIgnoreCase(command[0], "EXEC"u8)) isInUnit = false;
            if (!isInUnit) validTo = reader.Position;
            output.Progress(name, reader.Position, size);
        }
        Explain(reader, status, name, isInUnit, size);
        return new Findings(size, validTo, lines, youngerFrom);
    }

    private bool IsYounger(ReadOnlySpan<byte> line) =>
        options.TimestampSeconds > 0 && line.StartsWith(AofTimestamps.Mark)
        && long.TryParse(line[AofTimestamps.Mark.Length..].TrimEnd("\r\n"u8), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds > options.TimestampSeconds;

    private void Explain(AofReader reader, AofReadStatus status, string name, bool isInUnit, long size)
    {
        switch (status)
        {
            case AofReadStatus.Damaged when reader.DamageOffset == reader.Position:
                output.Say($"AOF {name} format error");
                break;
            case AofReadStatus.Damaged:
                SayWrong(reader.DamageOffset, $"Expected the parts of the command at offset {reader.Position}, got something else");
                break;
            case AofReadStatus.Torn:
                SayWrong(size, $"Expected the rest of the command at offset {reader.Position}, got the end of the file");
                break;
            case AofReadStatus.End when isInUnit:
                SayWrong(size, "Reached EOF before reading EXEC for MULTI");
                break;
        }
    }

    private void SayWrong(long offset, string what) => output.Say(string.Create(CultureInfo.InvariantCulture, $"0x{offset,16:x}: {what}"));

    private bool SayInvalid(string name)
    {
        output.Say($"AOF {name} is not valid. Use the --fix option to try fixing it.");
        return false;
    }

    private bool Fix(string path, string name, bool isLast, in Findings findings)
    {
        if (!isLast)
        {
            output.Say($"Failed to truncate AOF {name} because it is not the last file");
            return false;
        }
        output.Say(string.Create(CultureInfo.InvariantCulture, $"This will shrink the AOF {name} from {findings.Size} bytes, "
            + $"with {findings.Size - findings.ValidTo} bytes, to {findings.ValidTo} bytes"));
        output.Ask("Continue? [y/N]: ");
        if (answers.ReadLine() is not { } answer || !answer.StartsWith('y') && !answer.StartsWith('Y'))
        {
            output.Say("Aborting...");
            return false;
        }
        Truncate(path, findings.ValidTo);
        output.Say($"Successfully truncated AOF {name}");
        return true;
    }

    private bool TruncateToTimestamp(string path, string name, string kind, bool isLast, in Findings findings)
    {
        long seconds = options.TimestampSeconds;
        if (findings.YoungerFrom == long.MaxValue)
        {
            output.Say($"Truncate nothing in AOF {name} to timestamp {seconds}");
            output.Say($"{kind} {name} is valid");
            return true;
        }
        if (!isLast)
        {
            output.Say($"Failed to truncate AOF {name} to timestamp {seconds} to offset {findings.YoungerFrom} because it is not the last file");
            return false;
        }
        if (findings.YoungerFrom == 0)
        {
            output.Say($"AOF {path} has nothing before timestamp {seconds}, aborting...");
            return false;
        }
        Truncate(path, findings.YoungerFrom);
        output.Say($"Successfully truncated AOF {name} to timestamp {seconds}");
        return true;
    }

    private void Truncate(string path, long length)
    {
        using IFile file = files.OpenWrite(path);
        file.Truncate(length);
        file.Flush();
    }
}
