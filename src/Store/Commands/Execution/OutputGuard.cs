using Galley.Resp.Protocol;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary><c>client-output-buffer-limit</c>: a client that does not read what it asked for is cut off.</summary>
internal static class OutputGuard
{
    public static void Enforce(Session session, ServerContext server)
    {
        if (session.IsEnding) return;
        long pending = session.PendingBytes;
        if (pending == 0)
        {
            session.OverSoftLimitSinceMs = 0;
            return;
        }
        OutputLimit limit = LimitOf(session, server.Settings.ClientOutputBufferLimit);
        bool cut = limit.HardBytes > 0 && pending >= limit.HardBytes;
        cut |= !session.IsAuthenticated && pending >= RespLimits.UnauthenticatedOutputBytesMax;
        cut |= IsOverSoftLimit(session, limit, pending, server.Databases.Clock.NowMs);
        if (!cut) return;
        server.Stats.OutputLimitDisconnections++;
        session.CutOff();
    }

    /// <summary>
    /// A client of MONITOR is a normal one; but it is sent what it did not ask for, so that without a limit for normal
    /// clients, which is the default, the one of subscribers holds for it.
    /// </summary>
    private static OutputLimit LimitOf(Session session, OutputBufferLimits limits)
    {
        bool isUnlimited = limits.Normal is { HardBytes: 0, SoftBytes: 0 };
        return session.IsSubscribed || (session.IsMonitor && isUnlimited) ? limits.PubSub : limits.Normal;
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
