using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Galley.Store.Keyspace;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// Scripts by their text and by their digest. EVAL finds its script by the text: what runs for the second time is not
/// digested again. As redis-server 7.4 does, only so many are kept that nobody has loaded by SCRIPT LOAD.
/// </summary>
internal sealed class ScriptCache
{
    /// <summary>Scripts that EVAL alone has put there, before the one that was used longest ago goes.</summary>
    public const int EvaluatedMax = 500;

    private const int DigestDigits = 2 * SHA1.HashSizeInBytes;

    /// <summary>What a script costs beside its text, roughly: its entries here. Its compiled code is the state's.</summary>
    private const int OverheadBytes = 512;

    private readonly Dictionary<byte[], Script> _byBody = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], Script> _byDigest = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], Script>.AlternateLookup<ReadOnlySpan<byte>> _bodies;
    private readonly Dictionary<byte[], Script>.AlternateLookup<ReadOnlySpan<byte>> _digests;
    private readonly LinkedList<Script> _evaluated = new();

    public ScriptCache()
    {
        _bodies = _byBody.GetAlternateLookup<ReadOnlySpan<byte>>();
        _digests = _byDigest.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _byDigest.Count;

    /// <summary>What runs the scripts.</summary>
    public IEnumerable<LuaFunction> Functions => _byDigest.Values.Select(script => script.Function);

    /// <summary>Bytes of the texts and of what finds them, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>Scripts that went because there were too many.</summary>
    public long Evicted { get; private set; }

    /// <summary>The digest of a text: 40 hexadecimal digits in small letters.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The name that Redis gives scripts: it secures nothing.
        SHA1.HashData(body, digest);
#pragma warning restore CA5350
        var digits = new byte[DigestDigits];
        Convert.TryToHexStringLower(digest, digits, out _);
        return digits;
    }

    /// <summary>Finds a script by its text.</summary>
    public bool TryFindBody(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Script? script)
    {
        if (!_bodies.TryGetValue(body, out script)) return false;
        Use(script);
        return true;
    }

    /// <summary>Finds a script by its digest, whose letters may be capitals.</summary>
    public bool TryFindDigest(ReadOnlySpan<byte> digest, [NotNullWhen(true)] out Script? script)
    {
        script = null;
        if (digest.Length != DigestDigits) return false;
        if (!_digests.TryGetValue(digest, out script))
        {
            Span<byte> lower = stackalloc byte[DigestDigits];
            if (System.Text.Ascii.ToLower(digest, lower, out _) != System.Buffers.OperationStatus.Done) return false;
            if (!_digests.TryGetValue(lower, out script)) return false;
        }
        Use(script);
        return true;
    }

    /// <summary>Keeps a script; of those that only EVAL has put there the oldest may go for it.</summary>
    public void Add(Script script)
    {
        _byBody.Add(script.Body, script);
        _byDigest.Add(script.Sha1, script);
        Bytes += script.Body.Length + OverheadBytes;
        script.Place = _evaluated.AddLast(script);
        if (_evaluated.Count > EvaluatedMax) EvictOldest();
    }

    /// <summary>SCRIPT LOAD has asked for it: it stays until <see cref="Clear"/>.</summary>
    public void Keep(Script script)
    {
        if (script.Place is not { } place) return;
        _evaluated.Remove(place);
        script.Place = null;
        script.IsLoaded = true;
    }

    /// <summary>SCRIPT FLUSH.</summary>
    public void Clear()
    {
        _byBody.Clear();
        _byDigest.Clear();
        _evaluated.Clear();
        Bytes = 0;
    }

    /// <summary>The newest are last, so that a script in use stays.</summary>
    private void Use(Script script)
    {
        if (script.Place is not { } place || ReferenceEquals(_evaluated.Last, place)) return;
        _evaluated.Remove(place);
        _evaluated.AddLast(place);
    }

    private void EvictOldest()
    {
        Script oldest = _evaluated.First!.Value;
        _evaluated.RemoveFirst();
        oldest.Place = null;
        _byBody.Remove(oldest.Body);
        _byDigest.Remove(oldest.Sha1);
        Bytes -= oldest.Body.Length + OverheadBytes;
        Evicted++;
    }
}
