namespace Galley.Store.Configuration;

/// <summary><c>oom-score-adj-values</c>: three numbers, for a primary, a replica and a background child.</summary>
public sealed record OomScores(int Primary, int Replica, int Child) : IParameterValue<OomScores>
{
    private const int ScoreMax = 2000;

    public static OomScores Default { get; } = new(0, 200, 800);

    public static bool TakesMany => true;

    public string Text => $"{Primary} {Replica} {Child}";

    public static string? Parse(ReadOnlySpan<string> words, OomScores current, bool adds, out OomScores value)
    {
        value = current;
        if (words.Length != 3) return "wrong number of arguments";
        Span<int> scores = stackalloc int[3];
        for (int i = 0; i < scores.Length; i++)
        {
            if (!CNumber.TryParse(words[i], out long score) || score is < -ScoreMax or > ScoreMax)
                return "Invalid oom-score-adj-values, elements must be between -2000 and 2000.";
            scores[i] = (int)score;
        }
        value = new OomScores(scores[0], scores[1], scores[2]);
        return null;
    }
}
