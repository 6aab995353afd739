namespace Galley.Store.Configuration;

/// <summary>Compaction of the arena while the server runs, under the names that redis-server's defragmentation has.</summary>
public sealed partial class Settings
{
    /// <summary>
    /// On by default, other than in redis-server: where nothing is to be gained it costs a look at the pages' headers every ten
    /// seconds, and memory that follows what is used is what Galley promises.
    /// </summary>
    [Parameter("activedefrag")]
    public bool ActiveDefrag { get; set; } = true;

    /// <summary>So much in sparse pages is left alone.</summary>
    [Parameter("active-defrag-ignore-bytes", Unit = Unit.Memory, Min = 1, Max = long.MaxValue)]
    public long ActiveDefragIgnoreBytes { get; set; } = 100 * MiB;

    /// <summary>Of what is used, in percent: less that could be given back is left alone.</summary>
    [Parameter("active-defrag-threshold-lower", Unit = Unit.Percent, Max = 1000)]
    public int ActiveDefragThresholdLower { get; set; } = 10;

    /// <summary>Of what is used, in percent: from here on compaction takes as much time as it may.</summary>
    [Parameter("active-defrag-threshold-upper", Unit = Unit.Percent, Max = 1000)]
    public int ActiveDefragThresholdUpper { get; set; } = 100;

    /// <summary>Of the time, in percent, at the lower threshold.</summary>
    [Parameter("active-defrag-cycle-min", Unit = Unit.Percent, Min = 1, Max = 99)]
    public int ActiveDefragCycleMin { get; set; } = 1;

    /// <summary>Of the time, in percent, at the upper threshold.</summary>
    [Parameter("active-defrag-cycle-max", Unit = Unit.Percent, Min = 1, Max = 99)]
    public int ActiveDefragCycleMax { get; set; } = 25;

    /// <summary>A collection of more elements is moved piece by piece. Galley does so from 256 on in any case.</summary>
    [Parameter("active-defrag-max-scan-fields", Min = 1, Max = long.MaxValue)]
    public long ActiveDefragScanFieldsMax { get; set; } = 1000;
}
