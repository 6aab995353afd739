using System.Collections.Immutable;

namespace Galley.Store.Persistence.Aof;

public enum AofFileType : byte
{
    /// <summary>The data as it was at the last rewrite.</summary>
    Base = (byte)'b',

    /// <summary>Replaced by a rewrite, and about to be deleted.</summary>
    History = (byte)'h',

    /// <summary>The commands since, in order of their sequence.</summary>
    Incremental = (byte)'i',
}

/// <summary>One file of the set. A file with a <paramref name="Length"/> counts up to there and no further.</summary>
public sealed record AofFile(string Name, long Sequence, AofFileType Type, long? Length = null)
{
    public AofFile AsHistory() => this with { Type = AofFileType.History, Length = null };
}

/// <summary>
/// Which files make up the append-only file, in the order in which they are loaded: at most one base, then the
/// increments. Immutable: a change makes a new manifest, which counts from the moment it has replaced the file on disk.
///
/// <code>
///   file appendonly.aof.2.base.aof seq 2 type b
///   file appendonly.aof.1.incr.aof seq 1 type h
///   file appendonly.aof.2.incr.aof seq 2 type i length 4711
///   file appendonly.aof.3.incr.aof seq 3 type i
/// </code>
///
/// "length" is Galley's own word, which redis-server reads past: a flush of that file failed, so the bytes after it
/// were written again at the start of the next one. The file is cut there as well, but nothing can make the cut last.
/// </summary>
public sealed record AofManifest
{
    public static AofManifest Empty { get; } = new();

    public AofFile? Base { get; init; }

    public ImmutableArray<AofFile> History { get; init; } = [];

    public ImmutableArray<AofFile> Increments { get; init; } = [];

    /// <summary>The files that hold data, in the order of loading.</summary>
    public IEnumerable<AofFile> Live => Base is null ? Increments : Increments.Insert(0, Base);

    public long NextBaseSequence => (Base?.Sequence ?? PastBaseSequence) + 1;

    public long NextIncrementSequence => (Increments.IsEmpty ? PastIncrementSequence : Increments[^1].Sequence) + 1;

    /// <summary>The last numbers of a set that this one will replace; they are not written.</summary>
    private long PastBaseSequence { get; init; }

    private long PastIncrementSequence { get; init; }

    /// <summary>A set that begins anew beside this one, whose files it will replace, and whose names it leaves alone.</summary>
    public AofManifest Supersede() => new()
    {
        History = History.AddRange(Live.Select(static file => file.AsHistory())),
        PastBaseSequence = NextBaseSequence - 1,
        PastIncrementSequence = NextIncrementSequence - 1,
    };

    public AofManifest Append(AofFile increment) => this with { Increments = Increments.Add(increment) };

    /// <summary>The last increment ends for good at this length, and another takes over from there.</summary>
    public AofManifest Replace(long length, AofFile increment) => this with
    {
        Increments = Increments.SetItem(Increments.Length - 1, Increments[^1] with { Length = length }).Add(increment),
    };

    /// <summary>A new base holds all that was before this increment; what it replaces becomes history.</summary>
    public AofManifest Rewrite(AofFile newBase, long firstIncrement)
    {
        ImmutableArray<AofFile> replaced = Increments.RemoveAll(file => file.Sequence >= firstIncrement);
        if (Base is not null) replaced = replaced.Insert(0, Base);
        return new AofManifest
        {
            Base = newBase,
            History = History.AddRange(replaced.Select(static file => file.AsHistory())),
            Increments = Increments.RemoveAll(file => file.Sequence < firstIncrement),
        };
    }
}
