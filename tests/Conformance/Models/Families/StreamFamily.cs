namespace Galley.Conformance.Models.Families;

/// <summary>
/// Streams with consumer groups. Ids rise by the draw, and now and then one is older than the last, so that most entries go
/// in and some are refused; what is read, acknowledged, claimed and deleted is drawn from the same small span. K, G and C are
/// the key, group and consumer drawn last: a consumer is made before it asks, because 7.0.15 makes one when it gets
/// something, and later servers when it asks.
/// </summary>
public sealed class StreamFamily : Family
{
    private const int GroupCount = 2;
    private const int ConsumerCount = 4;

    /// <summary>How far behind the newest id the others are drawn.</summary>
    private const int Span = 60;

    /// <summary>A consumer that is there before it asks.</summary>
    private const string Made = "XGROUP CREATECONSUMER k g c ; ";

    private int _newest = 1;
    private byte[] _last = Draw.Text("1-1");
    private byte[] _key = [];
    private byte[] _group = [];
    private byte[] _consumer = [];

    public override string Name => "streams";

    protected override string[] Growing =>
    [
        "XADD k new e v", "XADD k new e v e v", "XADD k new e v20", "XADD k new a v b i c v", "XADD k new a v b i c v", "XADD k next e v",
        "XADD k next a v b i c v", "XADD k id e v", "XADD k NOMKSTREAM new e v", "XADD k MAXLEN 40 new e v", "XADD k MAXLEN ~ 20 new e v",
        "XADD k MINID id new e v", "XADD k MINID ~ id new a v b i c v", "XADD k MAXLEN ~ 5 LIMIT n new e v",
        "MULTI ; XADD k new e v ; XADD k new a v b i c v ; XADD k new e v ; EXEC",
        "XADD k new e v ; XADD K new e v ; XGROUP CREATE K g 0 ; XGROUP CREATECONSUMER K G c ; XREADGROUP GROUP G C STREAMS K > ; XCLAIM K G C 0 last ; XACK K G last",
        Made + "XREADGROUP GROUP G C STREAMS K >", Made + "XREADGROUP GROUP G C COUNT n STREAMS K K > >", "XGROUP CREATE k g 0 MKSTREAM",
        "XGROUP CREATE k g $ MKSTREAM", "XGROUP CREATE k g id ENTRIESREAD n", "XGROUP CREATECONSUMER k g c", "XGROUP SETID k g 0",
        "XGROUP SETID k g id ENTRIESREAD n", "XSETID k new", Made + "XCLAIM K G C 0 id id FORCE JUSTID", "COPY k copy REPLACE ; RENAME copy k",
    ];

    protected override string[] Shrinking =>
    [
        "XDEL k id", "XDEL k id id id", "XDEL k id id id id id id", "XTRIM k MAXLEN 15", "XTRIM k MAXLEN ~ 5", "XTRIM k MINID id", "XTRIM k MINID ~ id",
        "XTRIM k MAXLEN ~ n LIMIT n", "XACK k g id", "XACK k g id id id id id", "XACK k g id", Made + "XREADGROUP GROUP G C NOACK COUNT n STREAMS K >",
        Made + "XREADGROUP GROUP G C STREAMS K 0", Made + "XREADGROUP GROUP G C COUNT n STREAMS K id", Made + "XCLAIM K G C 0 id id",
        Made + "XCLAIM K G C 0 id id id RETRYCOUNT n", Made + "XCLAIM K G C 5000000 id",
        Made + "XCLAIM K G C 0 id IDLE 9000000 JUSTID ; XAUTOCLAIM K G C 5000000 0", Made + "XAUTOCLAIM K G C 0 0", Made + "XAUTOCLAIM K G C 0 id COUNT 3",
        Made + "XAUTOCLAIM K G C 0 0 COUNT 5 JUSTID", "XGROUP DELCONSUMER k g c", "XGROUP DESTROY K g", Made + "XCLAIM K G C 0 id LASTID id",
    ];

    protected override string[] Clearing => ["DEL k", "XGROUP DESTROY k g", "XTRIM k MAXLEN 0", "XTRIM k MAXLEN ~ 0 LIMIT 0", "MULTI ; DEL k ; XADD k new e v ; EXEC", "UNLINK k"];

    protected override string[] Asking =>
    [
        "XLEN k", "XRANGE k - + COUNT n", "XRANGE k id id", "XRANGE k (id + COUNT 20", "XREVRANGE k + - COUNT n", "XREVRANGE k id id COUNT 10",
        "XREVRANGE k + (id", "XREAD COUNT n STREAMS k k id 0", "XREAD STREAMS k id", "XPENDING k g", "XPENDING k g - + 50", "XPENDING k g id + 10 c",
        "XPENDING k g IDLE 5000000 - + 10", "XINFO STREAM k", "XINFO STREAM k FULL COUNT 5", "XINFO GROUPS k", "XINFO CONSUMERS k g", "OBJECT ENCODING k",
        "XLEN other", "XADD other new e v", Made + "MULTI ; XREAD BLOCK 0 STREAMS K $ ; XREADGROUP GROUP G C BLOCK 0 STREAMS K > ; EXEC",
        "DEBUG DIGEST-VALUE k", "WATCH k ; XADD k new e v ; MULTI ; XLEN k ; EXEC", "WATCH k ; XGROUP SETID k g 0 ; XACK k g id ; MULTI ; XLEN k ; EXEC",
    ];

    protected override byte[][] Fill(string word, Draw draw) => word switch
    {
        "k" => [_key = draw.Key("x", 3)],
        "K" => [_key],
        "copy" => [Draw.Text("xcopy")],
        "g" => [_group = Draw.Text($"g{draw.Skewed(GroupCount)}")],
        "G" => [_group],
        "c" => [_consumer = Draw.Text($"c{draw.Skewed(ConsumerCount)}")],
        "C" => [_consumer],
        "e" => [draw.Element(40)],
        "new" => [Newer(draw)],
        "last" => [_last],
        "next" => [Draw.Text($"{_newest}-*")],
        "id" => [Draw.Text(Older(draw))],
        "v20" => [draw.Value(), .. Repeat(20, draw.Value)],
        "(id" => [Draw.Text("(" + Older(draw))],
        "a" or "b" or ">" => [Draw.Text(word)],
        _ => FillCommon(word, draw),
    };

    /// <summary>Greater than all before it, by little; seldom in the same millisecond, or far ahead.</summary>
    private byte[] Newer(Draw draw)
    {
        if (draw.Below(300) == 0) _newest += draw.Below(1_000_000);
        _newest += draw.Below(3) == 0 ? 1 : 2;
        return _last = Draw.Text(draw.Below(8) == 0 ? $"{_newest}" : $"{_newest}-{draw.Below(3)}");
    }

    private string Older(Draw draw)
    {
        int time = Math.Max(0, _newest - draw.Skewed(Span));
        return draw.Below(3) == 0 ? $"{time}" : $"{time}-{draw.Below(3)}";
    }
}
