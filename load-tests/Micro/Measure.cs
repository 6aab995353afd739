using System.Diagnostics;

namespace Galley.LoadTests.Micro;

/// <summary>Times a loop: some rounds to warm up, then the best of the rest, the one least disturbed by others.</summary>
internal static class Measure
{
    private const int WarmUpRounds = 3;
    private const int Rounds = 7;

    public static double NanosecondsAn(int operations, Action loop)
    {
        for (int i = 0; i < WarmUpRounds; i++) loop();
        double best = double.MaxValue;
        for (int i = 0; i < Rounds; i++) best = Math.Min(best, Once(operations, loop));
        return best;
    }

    public static double Once(int operations, Action loop)
    {
        long start = Stopwatch.GetTimestamp();
        loop();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }

    public static void Print(string what, double value, string unit) => Console.WriteLine($"{what,-44} {value,10:F2} {unit}");
}
