using Galley.Resp.Protocol;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary><c>client-output-buffer-limit</c>: a client that does not read what it asked for is cut off.</summary>
internal static class OutputGuard
{
    public static void Enforce(Session session, ServerContext server)
    {
        if (session.Connection is not { IsClosing: false } connection) return;
        long pending = connection.Output.PendingBytes;
        if (pending == 0)
        {
            session.OverSoftLimitSinceMs = 0;
            return;
        }
        OutputLimit limit = session.IsSubscribed
            ? server.Settings.ClientOutputBufferLimit.PubSub
            : server.Settings.ClientOutputBufferLimit.Normal;
        bool cut = limit.HardBytes > 0 && pending >= limit.HardBytes;
        cut |= !session.IsAuthenticated && pending >= RespLimits.UnauthenticatedOutputBytesMax;
        cut |= IsOverSoftLimit(session, limit, pending, server.Databases.Clock.NowMs);
        if (!cut) return;
        server.Stats.OutputLimitDisconnections++;
        connection.Abort();
    }

    private static bool IsOverSoftLimit(Session session, OutputLimit limit, long pendingBytes, long nowMs)
    {
        if (limit.SoftBytes == 0 || pendingBytes < limit.SoftBytes)
        {
            session.OverSoftLimitSinceMs = 0;
            return false;
        }
        if (session.OverSoftLimitSinceMs == 0) session.OverSoftLimitSinceMs = nowMs;
        return nowMs - session.OverSoftLimitSinceMs > limit.SoftSeconds * 1000L;
    }
}
