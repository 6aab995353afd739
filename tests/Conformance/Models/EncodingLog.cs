namespace Galley.Conformance.Models;

/// <summary>Which encodings keys were seen to take on, and to have no more.</summary>
public sealed class EncodingLog
{
    private readonly HashSet<string> _entered = [];
    private readonly HashSet<string> _left = [];
    private Dictionary<string, string> _last = [];

    /// <summary>Entered and left again.</summary>
    public IEnumerable<string> Passed => _entered.Intersect(_left).Order(StringComparer.Ordinal);

    public void See(IEnumerable<(string Key, string Encoding)> keys)
    {
        Dictionary<string, string> now = keys.ToDictionary(key => key.Key, key => key.Encoding);
        foreach ((string key, string encoding) in now)
            if (_last.GetValueOrDefault(key) != encoding) _entered.Add(encoding);
        foreach ((string key, string encoding) in _last)
            if (now.GetValueOrDefault(key) != encoding) _left.Add(encoding);
        _last = now;
    }
}
