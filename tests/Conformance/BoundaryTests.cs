using Galley.Conformance.Boundaries;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>Every numeric argument of every command takes every value at which some machine's arithmetic turns over.</summary>
public sealed class BoundaryTests(Fleet fleet, Tally tally)
{
    private const int DifferencesPrintedMax = 60;

    private static readonly string[] NoNumber = [""];

    // If the grammars gave nothing away any more, nothing would fail.
    private static readonly string[] DerivedForSure =
        ["LRANGE k {} -1", "LPOS k a RANK {}", "ZADD k {} a", "GEOSEARCH k FROMLONLAT 13.4 {} BYRADIUS 1000 M", "BLMPOP 0 {} k LEFT", "SET k a PX {}", "EXPIRE k {}", "XRANGE k - + COUNT {}"];

    /// <summary>In RESP3 with fewer numbers: how a number is read does not hang on it.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_numeric_argument_of_the_command_table_is_taken_or_refused_as_redis_does(int resp)
    {
        string[] numbers = resp == 3 ? BoundaryNumbers.Few : BoundaryNumbers.All;
        using RespConnection redis = fleet.Redis.Connect();
        using RespConnection galley = fleet.Galley().Connect();
        HashSet<string> compared = [.. ArgumentNode.OfCommands(redis).SelectMany(command => DerivedCalls.Of(command.Key, command.Value))];
        List<DerivedCall> calls = [.. Calls(galley, DerivedCalls.Of)];
        Assert.Empty(DerivedForSure.Except(calls.Select(call => call.Text).Intersect(compared)));
        using var play = new BoundaryPlay(fleet.Redis, fleet.Galley(), resp);
        foreach (DerivedCall call in calls) play.Play(Cases(call, compared.Contains(call.Text), numbers, BoundaryNumbers.Few));
        Report(play);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_number_elsewhere_is_taken_or_refused_as_redis_does(int resp)
    {
        using RespConnection galley = fleet.Galley().Connect();
        HashSet<string> blocking = Blocking(galley);
        HashSet<string> known = [.. galley.Ask("COMMAND", "LIST").Items.Select(name => name.Text.ToUpperInvariant())];
        using var play = new BoundaryPlay(fleet.Redis, fleet.Galley(), resp);
        foreach ((string before, string[] calls) in WrittenCalls.After)
        {
            play.Play(from call in calls
                      where known.Contains(call.Split(' ')[0])
                      from number in BoundaryNumbers.All
                      where !BoundaryRules.IsTooCostly(call, number)
                      select new BoundaryCase(
                          ["SELECT 0", "DEL k k2 l d", "ZADD same 0 a 0 b 0 c", With(before, number)], With(call, number), BoundaryRules.For(call, number))
                      {
                          MayBlock = blocking.Contains(call.Split(' ')[0]),
                          ComparesKeys = BoundaryRules.LeavesTheSame(call, number),
                      });
        }
        Report(play);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_option_once_twice_and_cut_short_is_taken_or_refused_as_redis_does(int resp)
    {
        using RespConnection redis = fleet.Redis.Connect();
        using RespConnection galley = fleet.Galley().Connect();
        HashSet<string> compared = [.. ArgumentNode.OfCommands(redis).SelectMany(command => DerivedCalls.NearlyRight(command.Key, command.Value))];
        using var play = new BoundaryPlay(fleet.Redis, fleet.Galley(), resp);
        foreach (DerivedCall call in Calls(galley, DerivedCalls.NearlyRight).Where(call => BoundaryRules.IsOfKeys(call.Family)))
            play.Play(Cases(call, compared.Contains(call.Text), NoNumber, NoNumber));
        Report(play);
    }

    /// <summary>The calls that Galley's grammars give.</summary>
    private static IEnumerable<DerivedCall> Calls(RespConnection galley, Func<string, IReadOnlyList<ArgumentNode>, IEnumerable<string>> derive)
    {
        HashSet<string> blocking = Blocking(galley), writing = Flagged(galley, "write");
        foreach ((string command, IReadOnlyList<ArgumentNode> grammar) in ArgumentNode.OfCommands(galley).Where(command => BoundaryRules.IsTried(command.Key)))
        {
            string name = command.Split(' ')[0];
            string family = galley.Ask("COMMAND", "DOCS", name).Items[1].Items.SkipWhile(item => item.Text != "group").ElementAt(1).Text;
            foreach (string call in derive(command, grammar)) yield return new DerivedCall(call, family, blocking.Contains(name), writing.Contains(name));
        }
    }

    /// <summary>Those that may keep their client waiting. redis-server does not say so of WAIT and WAITAOF.</summary>
    private static HashSet<string> Blocking(RespConnection galley) => ["WAIT", "WAITAOF", .. Flagged(galley, "blocking")];

    private static HashSet<string> Flagged(RespConnection galley, string flag) =>
        [.. galley.Ask("COMMAND").Items.Where(info => info.Items[2].Items.Any(one => one.Text == flag)).Select(info => info.Items[0].Text.ToUpperInvariant())];

    /// <summary>With every number on keys that the command works on, and where there is none; with a few on keys of other types.</summary>
    private static IEnumerable<BoundaryCase> Cases(DerivedCall call, bool isCompared, string[] numbers, string[] onOtherTypes) =>
        from type in BoundaryKeys.Makers.Keys.Prepend("absent")
        from number in type == "absent" || BoundaryKeys.AreOwn(call.Family, type) ? numbers : onOtherTypes
        where !BoundaryRules.IsTooCostly(call.Text, number)
        select new BoundaryCase(
            ["SELECT 0", "DEL k k2 d", .. type == "absent" ? Array.Empty<string>() : [$"COPY source:{type} k"]], With(call.Text, number),
            isCompared ? BoundaryRules.For(call.Text, number) : ReplyRule.AnyReply)
        {
            MayBlock = call.MayBlock,
            ComparesKeys = call.Writes && BoundaryRules.LeavesTheSame(call.Text, number),
        };

    private static string With(string template, string number) => template.Replace("{}", number, StringComparison.Ordinal);

    /// <summary>Of each call the first differences only: one mistake has as many as there are numbers.</summary>
    private void Report(BoundaryPlay play)
    {
        tally.Compared(play.Compared);
        string[] shown = [.. play.Differences.GroupBy(difference => string.Join(' ', difference.Split(' ').Take(2))).SelectMany(same => same.Take(3))];
        Assert.True(shown.Length == 0, $"{play.Differences.Count} differences of {play.Compared} calls:\n" + string.Join('\n', shown.Take(DifferencesPrintedMax)));
    }

    private sealed record DerivedCall(string Text, string Family, bool MayBlock, bool Writes);
}
