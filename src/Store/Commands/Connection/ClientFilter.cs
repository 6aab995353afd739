using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// The filters by which CLIENT LIST and KILL choose clients: those of Redis, and those that Valkey has added (NAME, IDLE,
/// FLAGS, LIB-NAME, LIB-VER, DB, IP, CAPA, several identifiers, and NOT- before a filter to turn it round). A client must
/// pass all of them; of one given twice, the last counts.
/// </summary>
internal sealed class ClientFilter(Execution x)
{
    private const string Negation = "NOT-";

    private readonly Dictionary<string, Predicate<Session>> _conditions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The client that asks passes too (SKIPME NO); for KILL, not unless it says so.</summary>
    public bool IncludesSelf { get; set; } = true;

    public bool Accepts(Session session)
    {
        if (!IncludesSelf && session == x.Session) return false;
        foreach (Predicate<Session> condition in _conditions.Values)
            if (!condition(session)) return false;
        return true;
    }

    /// <summary>Reads words and values from an argument on, or replies what is wrong.</summary>
    public bool TryRead(int from)
    {
        for (int i = from; i < x.Args.Count;)
        {
            if (i + 1 == x.Args.Count) return RefuseSyntax();
            if (!TryReadOne(ref i)) return false;
        }
        return true;
    }

    /// <summary>Reads the filter at an argument, which becomes the one after its value, or its values.</summary>
    private bool TryReadOne(ref int at)
    {
        int i = at;
        at += 2;
        if (x.Is(i, "SKIPME"u8)) return TryReadSkipMe(i + 1);
        string word = PrintedText.Of(x.Args[i]).ToUpperInvariant();
        bool isNegated = word.StartsWith(Negation, StringComparison.Ordinal);
        string plain = isNegated ? word[Negation.Length..] : word;
        Predicate<Session>? condition = null;
        if (plain == "ID" ? !TryReadIds(ref at, out condition) : !TryReadCondition(plain, i + 1, out condition)) return false;
        _conditions[word] = isNegated ? session => !condition!(session) : condition!;
        return true;
    }

    /// <summary>The condition that a filter makes of its value; refused with a reply where there is no such filter or value.</summary>
    private bool TryReadCondition(string filter, int argument, out Predicate<Session>? condition)
    {
        string value = PrintedText.Of(x.Args[argument]);
        condition = filter switch
        {
            "TYPE" => ClientType.TryParse(x, argument, out ClientType.Kind kind) ? session => ClientType.Of(session) == kind : null,
            "USER" => ByUser(value),
            "ADDR" => session => session.RemoteAddress == value,
            "LADDR" => session => session.Connection?.LocalAddress == value,
            "MAXAGE" => ByAge(argument),
            "NAME" => Like(session => session.Name, argument),
            "LIB-NAME" => Like(session => session.LibraryName, argument),
            "LIB-VER" => Like(session => session.LibraryVersion, argument),
            "IDLE" => ByIdle(argument),
            "DB" => DatabaseArgument.TryRead(x, argument, out int database) ? session => session.DatabaseId == database : null,
            "IP" => session => AddressWithoutPort(session.RemoteAddress) == value,
            "CAPA" => session => value.All(capability => capability == 'r' && session.CanBeRedirected),
            "FLAGS" => session => value.All(flag => ClientLine.FlagsOf(session).Contains(flag, StringComparison.Ordinal)),
            _ => Refuse(),
        };
        return condition is not null;
    }

    /// <summary>Reads the identifier before the argument, and those that follow; the argument becomes the one after the last.</summary>
    private bool TryReadIds(ref int next, out Predicate<Session>? condition)
    {
        condition = null;
        var ids = new HashSet<long>();
        for (int i = next - 1; i < x.Args.Count && (i < next || Numbers.TryParseInt64(x.Args[i], out _)); i++)
        {
            if (!TryReadPositive(i, "client-id", "client-id should be greater than 0", out long id)) return false;
            ids.Add(id);
            next = i + 1;
        }
        condition = session => ids.Contains(session.Id);
        return true;
    }

    private Predicate<Session>? ByAge(int argument)
    {
        if (!TryReadPositive(argument, "maxage", "maxage is not an integer or out of range", out long seconds)) return null;
        long nowMs = x.NowMs;
        return session => (nowMs - session.CreatedMs) / 1000 >= seconds;
    }

    private Predicate<Session>? ByIdle(int argument)
    {
        if (!TryReadPositive(argument, "idle", "idle is not an integer or out of range", out long seconds)) return null;
        long nowMs = x.NowMs;
        return session => (nowMs - session.LastActiveMs) / 1000 >= seconds;
    }

    private Predicate<Session>? ByUser(string name)
    {
        if (name == Authentication.DefaultUser) return session => session.UserName == name;
        x.Reply.Error($"ERR No such user '{name}'");
        return null;
    }

    private Predicate<Session> Like(Func<Session, byte[]> field, int argument)
    {
        byte[] value = x.Args[argument].ToArray();
        return session => field(session).AsSpan().SequenceEqual(value);
    }

    private bool TryReadSkipMe(int argument)
    {
        IncludesSelf = x.Is(argument, "NO"u8);
        return IncludesSelf || x.Is(argument, "YES"u8) || RefuseSyntax();
    }

    private bool TryReadPositive(int argument, string name, string errorWhenNone, out long value)
    {
        if (!x.TryInteger(argument, out value, System.Text.Encoding.ASCII.GetBytes("ERR " + errorWhenNone))) return false;
        if (value > 0) return true;
        x.Reply.Error($"ERR {name} should be greater than 0");
        return false;
    }

    private bool RefuseSyntax()
    {
        x.Reply.Error(Errors.Syntax);
        return false;
    }

    private Predicate<Session>? Refuse()
    {
        RefuseSyntax();
        return null;
    }

    private static string AddressWithoutPort(string address)
    {
        int colon = address.LastIndexOf(':');
        return colon < 0 ? address : address[..colon].Trim('[', ']');
    }
}
