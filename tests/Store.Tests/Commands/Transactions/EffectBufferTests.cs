using System.Text;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Transactions;

/// <summary>What becomes of a unit that is very large, that fails, or whose beginning is taken before it ends.</summary>
public sealed class EffectBufferTests
{
    private const int ValueBytes = 1024 * 1024;

    private readonly EffectBuffer _effects = new() { IsRead = true };
    private readonly List<byte[]> _parts = [];

    public EffectBufferTests() => _effects.Overflows = Take;

    [Fact]
    public void A_unit_of_more_than_is_to_be_held_is_taken_part_by_part_with_one_MULTI()
    {
        var value = new byte[ValueBytes];
        Set("before", []);
        _effects.BeginUnit();
        for (int i = 0; i < 150; i++) Set("k", value);
        _effects.EndUnit();
        Take();
        Assert.True(_parts.Count > 1);
        Assert.All(_parts, part => Assert.InRange(part.Length, 1, 80 * ValueBytes));
        byte[] all = [.. _parts.SelectMany(part => part)];
        Assert.Equal(all.Length, _effects.EndOffset);
        Assert.StartsWith("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$6\r\nbefore\r\n$0\r\n\r\n*1\r\n$5\r\nMULTI\r\n*3\r\n",
            Encoding.Latin1.GetString(all.AsSpan(0, 200)), StringComparison.Ordinal);
        Assert.EndsWith("*1\r\n$4\r\nEXEC\r\n", Encoding.Latin1.GetString(all.AsSpan(all.Length - 100)), StringComparison.Ordinal);
        Assert.Equal((1, 1), (all.AsSpan().Count("MULTI"u8), all.AsSpan().Count("EXEC"u8)));
    }

    [Fact]
    public void A_unit_whose_beginning_was_taken_cannot_be_rolled_back()
    {
        var value = new byte[ValueBytes];
        _effects.BeginUnit();
        UnitMark mark = _effects.Mark;
        Assert.True(_effects.Holds(mark));
        for (int i = 0; i < 70; i++) Set("k", value);
        Assert.False(_effects.Holds(mark));
        long end = _effects.EndOffset;
        _effects.RollBackTo(mark);
        Assert.Equal(end, _effects.EndOffset);
    }

    [Fact]
    public void Half_a_command_is_none()
    {
        _effects.BeginUnit();
        Set("a", "1"u8);
        Set("b", "2"u8);
        _effects.Begin(3, 3).Word("SET"u8).Word("c"u8);
        _effects.AbandonUnits(0);
        Set("d", "4"u8);
        Assert.Equal("MULTI; SELECT 0; SET a 1; SET b 2; EXEC; SELECT 0; SET d 4", TakeText());
    }

    [Fact]
    public void A_command_that_fails_within_the_unit_of_another_does_not_end_it()
    {
        _effects.BeginUnit();
        Set("a", "1"u8);
        int units = _effects.UnitDepth;
        _effects.BeginUnit();
        Set("b", "2"u8);
        _effects.AbandonUnits(units);
        Set("c", "3"u8);
        _effects.EndUnit();
        Assert.Equal("MULTI; SELECT 0; SET a 1; SET b 2; SET c 3; EXEC", TakeText());
    }

    [Fact]
    public void What_is_taken_in_the_midst_of_a_unit_is_no_part_of_it_any_more()
    {
        Set("before", "0"u8);
        _effects.BeginUnit();
        Set("a", "1"u8);
        Set("b", "2"u8);
        _effects.Taken();
        Set("c", "3"u8);
        Set("d", "4"u8);
        _effects.EndUnit();
        Assert.Equal("MULTI; SET c 3; SET d 4; EXEC", TakeText());
    }

    [Fact]
    public void The_log_comes_to_what_was_pushed_in_a_unit_that_is_rolled_back()
    {
        Set("before", "0"u8);
        _effects.BeginUnit();
        UnitMark mark = _effects.Mark;
        long start = _effects.EndOffset;
        Set("a", "1"u8);
        long pushed = _effects.TakeOffset();
        Assert.InRange(pushed, start + 1, _effects.EndOffset);
        _effects.RollBackTo(mark);
        _effects.EndUnit();
        Assert.InRange(_effects.EndOffset, pushed, long.MaxValue);
        Assert.Equal("SELECT 0; SET before 0; SELECT 0", TakeText());
    }

    private void Set(string key, ReadOnlySpan<byte> value) =>
        _effects.Begin(0, 3).Word("SET"u8).Word(Encoding.Latin1.GetBytes(key)).Word(value);

    private void Take()
    {
        _parts.Add(_effects.Pending.ToArray());
        _effects.Taken();
    }

    private string TakeText()
    {
        Take();
        return RespText.Commands([.. _parts.SelectMany(part => part)]);
    }
}
