using System.Globalization;
using System.Text;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The manifest as text, byte for byte as redis-server 7.0 writes it. What it reads was tried on redis-server 7.0.15:
/// words in any order and any case, unknown words with their values read past, lines that start with # as well, and
/// refused what it refuses: an empty file, a line without its newline or over 1,024 bytes, an empty line, a path in
/// place of a name, a type that is not known, a second base, increments out of order.
/// </summary>
internal static class AofManifestText
{
    /// <summary>MANIFEST_MAX_LINE of Redis.</summary>
    public const int LineBytesMax = 1024;

    /// <summary>No real manifest comes near: a set has a handful of files.</summary>
    public const int TextBytesMax = 1 << 20;

    public static byte[] Write(AofManifest manifest)
    {
        var text = new StringBuilder();
        if (manifest.Base is not null) WriteLine(text, manifest.Base);
        foreach (AofFile file in manifest.History) WriteLine(text, file);
        foreach (AofFile file in manifest.Increments) WriteLine(text, file);
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void WriteLine(StringBuilder text, AofFile file)
    {
        text.Append("file ").Append(QuotedWord.Write(file.Name));
        text.Append(CultureInfo.InvariantCulture, $" seq {file.Sequence} type {(char)file.Type}");
        if (file.Length is long length) text.Append(CultureInfo.InvariantCulture, $" length {length}");
        text.Append('\n');
    }

    public static AofManifest Read(ReadOnlySpan<byte> text, string name)
    {
        if (text.IsEmpty) throw Damaged(name, 1, [], "Found an empty AOF manifest");
        if (text.Length > TextBytesMax) throw Damaged(name, 1, [], "The AOF manifest file is too large");

        AofManifest manifest = AofManifest.Empty;
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0 || end >= LineBytesMax)
                throw Damaged(name, number, text, "The AOF manifest file contains too long line");

            ReadOnlySpan<byte> line = text[..end];
            text = text[(end + 1)..];
            if (line.StartsWith("#"u8)) continue;
            if (!TryReadLine(line, out AofFile? file, out string error) || !TryAdd(ref manifest, file!, out error))
                throw Damaged(name, number, line, error);
        }
        return manifest;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out AofFile? file, out string error)
    {
        file = null;
        error = "Invalid AOF manifest file format";
        List<string>? words = QuotedWord.Split(line.Trim(" \t\r"u8));
        if (words is null || words.Count < 6 || words.Count % 2 != 0) return false;

        string? name = null;
        long sequence = 0;
        long? length = null;
        var type = default(AofFileType);
        for (int i = 0; i < words.Count; i += 2)
        {
            string value = words[i + 1];
            switch (words[i].ToUpperInvariant())
            {
                case "FILE":
                    name = value;
                    break;
                case "SEQ":
                    if (!TryReadNumber(value, out sequence)) return false;
                    break;
                case "TYPE":
                    // Redis looks at the first letter and lets the rest go.
                    type = value.Length == 0 ? default : (AofFileType)value[0];
                    break;
                case "LENGTH":
                    if (!TryReadNumber(value, out long bytes)) return false;
                    length = bytes;
                    break;
            }
        }

        if (name is null || name.Length == 0 || sequence == 0 || type == default) return false;
        if (!IsPlainName(name))
        {
            error = "File can't be a path, just a filename";
            return false;
        }
        file = new AofFile(name, sequence, type, length);
        return true;
    }

    private static bool TryReadNumber(string word, out long value) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// The name of a file in the folder and nothing else; it is opened, truncated and deleted by this name.
    /// </summary>
    private static bool IsPlainName(string name) =>
        name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\', '\0');

    private static bool TryAdd(ref AofManifest manifest, AofFile file, out string error)
    {
        error = "";
        if (manifest.Live.Concat(manifest.History).Any(other => other.Name == file.Name))
        {
            // redis-server does not look; but what is history is deleted, whatever else has its name.
            error = "Found the same file twice";
            return false;
        }
        switch (file.Type)
        {
            case AofFileType.Base when manifest.Base is not null:
                error = "Found duplicate base file information";
                return false;
            case AofFileType.Base:
                manifest = manifest with { Base = file };
                return true;
            case AofFileType.History:
                manifest = manifest with { History = manifest.History.Add(file) };
                return true;
            case AofFileType.Incremental when manifest.Increments is [.., var last] && file.Sequence <= last.Sequence:
                error = "Found a non-monotonic sequence number";
                return false;
            case AofFileType.Incremental:
                manifest = manifest.Append(file);
                return true;
            default:
                error = "Unknown AOF file type";
                return false;
        }
    }

    private static PersistenceException Damaged(string name, int number, ReadOnlySpan<byte> text, string error)
    {
        string line = Encoding.Latin1.GetString(text[..Math.Min(text.Length, LineBytesMax)]);
        return new($"The AOF manifest {name} is damaged at line {number}: {error}\n>>> '{line}'");
    }
}
