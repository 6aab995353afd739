using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Hashes;

/// <summary>What the log is told of some fields that a command names: each effect in one command, for absolute times.</summary>
internal static class FieldEffects
{
    /// <param name="fields">The arguments that name the fields.</param>
    public static void Expire(Execution x, in Key key, long expiresAtMs, scoped ReadOnlySpan<int> fields)
    {
        EffectWriter effect = x.Effect(5 + fields.Length).Word("HPEXPIREAT"u8).Word(key.Name).Word(expiresAtMs);
        effect.Word("FIELDS"u8).Word(fields.Length);
        WriteNames(x, effect, fields);
    }

    public static void Persist(Execution x, in Key key, scoped ReadOnlySpan<int> fields)
    {
        EffectWriter effect = x.Effect(4 + fields.Length).Word("HPERSIST"u8).Word(key.Name).Word("FIELDS"u8).Word(fields.Length);
        WriteNames(x, effect, fields);
    }

    public static void Delete(Execution x, in Key key, scoped ReadOnlySpan<int> fields) =>
        WriteNames(x, x.Effect(2 + fields.Length).Word("HDEL"u8).Word(key.Name), fields);

    private static void WriteNames(Execution x, EffectWriter effect, scoped ReadOnlySpan<int> fields)
    {
        foreach (int field in fields) effect.Word(x.Args[field]);
    }
}
