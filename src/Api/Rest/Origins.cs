using System.Net;
using Galley.Store.Configuration;

namespace Galley.Api.Rest;

/// <summary>The origins of <c>http-origins</c>, and what is this machine.</summary>
internal sealed class Origins(Settings settings)
{
    private const string Any = "*";

    private readonly Settings _settings = settings;
    private Listing _listing = new("");

    /// <summary>The setting has a star.</summary>
    public bool AllowsAny => Current().Origins.Contains(Any);

    /// <summary>The setting names this origin.</summary>
    public bool Lists(string origin) => Current().Origins.Contains(origin);

    public static bool IsLoopback(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && IsLoopbackHost(uri.IdnHost);

    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>CONFIG SET may have changed the setting.</summary>
    private Listing Current()
    {
        Listing listing = _listing;
        if (!ReferenceEquals(listing.Text, _settings.HttpOrigins)) _listing = listing = new Listing(_settings.HttpOrigins);
        return listing;
    }

    private sealed class Listing(string text)
    {
        public string Text { get; } = text;

        public HashSet<string> Origins { get; } =
            new(text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
    }
}
