namespace Galley.Store.Commands;

/// <summary>Who a client is: the default user, with <c>requirepass</c> for its password or none at all.</summary>
internal static class Authentication
{
    public const string DefaultUser = "default";

    /// <summary>A session as it is before AUTH: known at once where no password is set.</summary>
    public static void Begin(ServerContext server, Session session)
    {
        session.UserName = DefaultUser;
        SetAuthenticated(session, !HasPassword(server));
    }

    public static bool HasPassword(ServerContext server) => server.Settings.RequirePass.Length > 0;

    /// <summary>Authenticates the session; a wrong password leaves it as it was.</summary>
    public static bool TryAuthenticate(ServerContext server, Session session, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        bool isDefault = user.SequenceEqual("default"u8);
        if (!isDefault || (HasPassword(server) && !server.Password.Is(password, server.Settings.RequirePass)))
        {
            server.Stats.AuthenticationsDenied++;
            return false;
        }
        session.UserName = DefaultUser;
        SetAuthenticated(session, true);
        return true;
    }

    private static void SetAuthenticated(Session session, bool isAuthenticated)
    {
        session.IsAuthenticated = isAuthenticated;
        session.Connection?.Reader.IsAuthenticated = isAuthenticated;
    }
}
