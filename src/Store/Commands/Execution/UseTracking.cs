using Galley.Store.Configuration;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// What entries remember of their use follows <c>maxmemory-policy</c>: when; when they were changed, under an LRM policy;
/// how often, under an LFU policy.
/// </summary>
internal static class UseTracking
{
    public static void Follow(Settings settings, KeyspaceClock clock)
    {
        Apply();
        foreach (string name in (string[])["maxmemory-policy", "lfu-log-factor", "lfu-decay-time"])
        {
            settings.Parameters.OnChange(name, () =>
            {
                Apply();
                return null;
            });
        }

        void Apply()
        {
            clock.CountsUses = settings.MaxMemoryPolicy is MaxMemoryPolicy.AllkeysLfu or MaxMemoryPolicy.VolatileLfu;
            clock.NotesChangesAlone = settings.MaxMemoryPolicy is MaxMemoryPolicy.AllkeysLrm or MaxMemoryPolicy.VolatileLrm;
            clock.LfuLogFactor = settings.LfuLogFactor;
            clock.LfuDecayMinutes = settings.LfuDecayMinutes;
        }
    }
}
