using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>
/// Tickets for pages, which cannot set headers: a server that has the token asks for one, the page opens its socket with
/// it. A ticket serves once and not for long, so that it may stand in an address. Kept under their hashes: to look one up
/// tells nothing of the others, however long it takes.
/// </summary>
internal sealed class Tickets(Settings settings, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int TicketBytes = 32;

    private readonly Settings _settings = settings;
    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<string, Ticket> _outstanding = new();

    // All live equally long: who came first goes first, used or not.
    private readonly Queue<(string Hash, long IssuedAt)> _byAge = new();

    /// <summary>A new ticket, or null: too many were asked for.</summary>
    public string? Issue(SocketGrant grant, string? origin)
    {
        string ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TicketBytes));
        string hash = HashOf(ticket);
        long now = _time.GetTimestamp();
        lock (_byAge)
        {
            while (_byAge.TryPeek(out (string Hash, long IssuedAt) oldest) && IsExpired(oldest.IssuedAt))
                _outstanding.TryRemove(_byAge.Dequeue().Hash, out _);
            if (_byAge.Count >= _settings.WsMaxTickets) return null;
            _byAge.Enqueue((hash, now));
            _outstanding[hash] = new Ticket(grant, origin, now);
        }
        return ticket;
    }

    /// <summary>Takes a ticket away from whoever else may have it; null where there is none such, or no more.</summary>
    public Ticket? Redeem(string ticket) =>
        _outstanding.TryRemove(HashOf(ticket), out Ticket? found) && !IsExpired(found.IssuedAt) ? found : null;

    private bool IsExpired(long issuedAt) => _time.GetElapsedTime(issuedAt) > Lifetime;

    private static string HashOf(string ticket) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));
}

/// <param name="Grant">What its socket will be allowed.</param>
/// <param name="Origin">The page that may use it; null: any that may come in.</param>
/// <param name="IssuedAt">A timestamp of the clock.</param>
internal sealed record Ticket(SocketGrant Grant, string? Origin, long IssuedAt);
