using System.Buffers.Text;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>
/// While the log cannot be stored, what it has not stored: few commands, for writes are refused meanwhile. Who reads other
/// keys than those is answered at once, even under <c>appendfsync always</c>: what it is shown is on the disk.
/// </summary>
internal sealed class UnstoredKeys(EffectLog log)
{
    /// <summary>More than this is not looked through: then all who read wait.</summary>
    private const int BytesMax = 4 * 1024 * 1024;

    private static readonly string[] OfAllKeys = ["FLUSHALL", "FLUSHDB", "SWAPDB"];

    private readonly EffectLog _log = log;

    /// <summary>Every word of those commands: the keys are among them.</summary>
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    private (long From, long To) _seen = (-1, -1);
    private bool _isAll;

    /// <summary>The log cannot be stored, in the present turn.</summary>
    public bool AreAsked { get; set; }

    /// <summary>The command reads keys alone, and none that has changed since the log was stored last.</summary>
    public bool AreSparedBy(CommandInfo command, in Arguments args)
    {
        if (!command.Has(Flags.ReadOnly) || command.Has(Flags.WholeKeyspace) || !TryLook()) return false;
        bool hasKeys = false;
        foreach (KeyPosition key in command.KeysOf(in args))
        {
            hasKeys = true;
            if (_words.Contains(Encoding.Latin1.GetString(args[key.Argument]))) return false;
        }
        return hasKeys;
    }

    /// <summary>Looks at what is not stored; false where any key may have changed.</summary>
    private bool TryLook()
    {
        // Of the present turn the log knows nothing yet.
        if (_log.HasPending) return false;
        (long From, long To) now = (_log.ReleasedOffset, _log.EndOffset);
        if (now == _seen) return !_isAll;
        _seen = now;
        _words.Clear();
        _isAll = now.To - now.From > BytesMax || !_log.TryCopyUnreleased(now.From, now.To, out byte[] commands) || !TryAddWords(commands);
        return !_isAll;
    }

    /// <summary>Adds each <c>$length word</c>; false where one says that all keys have changed.</summary>
    private bool TryAddWords(ReadOnlySpan<byte> commands)
    {
        while (!commands.IsEmpty)
        {
            int lineEnd = commands.IndexOf("\r\n"u8);
            bool isWord = commands[0] == (byte)'$';
            if (!Utf8Parser.TryParse(commands[1..lineEnd], out int length, out _)) return false;
            commands = commands[(lineEnd + 2)..];
            if (!isWord) continue;
            string word = Encoding.Latin1.GetString(commands[..length]);
            if (OfAllKeys.Contains(word, StringComparer.OrdinalIgnoreCase)) return false;
            _words.Add(word);
            commands = commands[(length + 2)..];
        }
        return true;
    }
}
