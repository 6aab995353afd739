namespace Galley.Store.Configuration;

/// <summary>
/// The addresses to listen on. One that begins with <c>-</c> may be missing on this machine; <c>*</c> and <c>::*</c>
/// stand for every address.
/// </summary>
public sealed record BindAddresses(IReadOnlyList<string> Addresses) : IParameterValue<BindAddresses>
{
    public const int AddressesMax = 16;

    public static BindAddresses Loopback { get; } = new(["127.0.0.1", "-::1"]);

    public static bool TakesMany => true;

    public string Text => string.Join(' ', Addresses);

    public IEnumerable<WrittenLine> Lines(BindAddresses standard) =>
        [new(Addresses.Count == 0 ? "\"\"" : Text, IsNeeded: !Equals(standard))];

    public bool Equals(BindAddresses? other) => other is not null && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() => Addresses.Count;

    public static string? Parse(ReadOnlySpan<string> words, BindAddresses current, bool adds, out BindAddresses value)
    {
        value = new BindAddresses(words.ToArray());
        return words.Length > AddressesMax ? "Too many bind addresses specified." : null;
    }
}
