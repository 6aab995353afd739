using System.Text;

namespace Galley.Store.Commands;

/// <summary>Stars above, waves below, and a galley that rides on them: never twice the same.</summary>
internal static class NightAtSea
{
    private const int WaveCount = 4;
    private const double StarShare = 0.02;

    /// <summary>From the surface down.</summary>
    private const string Water = "~-. ";

    private static readonly string[] Galley =
    [
        "    |\\    ",
        "    | \\   ",
        " ___|__\\_ ",
        " \\_o_o_o_/",
    ];

    public static string Draw(int columns, int rows, Random random)
    {
        var canvas = new char[rows][];
        double[] surface = Surface(columns, rows, random);
        for (int row = 0; row < rows; row++)
        {
            canvas[row] = new char[columns];
            for (int column = 0; column < columns; column++) canvas[row][column] = At(row - surface[column], random);
        }
        PlaceGalley(canvas, surface, columns, random);
        var text = new StringBuilder();
        foreach (char[] line in canvas) text.Append(line.AsSpan().TrimEnd(' ')).Append('\n');
        return text.ToString();
    }

    /// <summary>Where the water begins in each column: a few waves of chance length, height and phase, about the lower third.</summary>
    private static double[] Surface(int columns, int rows, Random random)
    {
        var surface = new double[columns];
        Array.Fill(surface, rows * 2 / 3.0);
        for (int wave = 1; wave <= WaveCount; wave++)
        {
            double length = columns * (0.2 + random.NextDouble()) / wave;
            double height = rows * 0.08 * random.NextDouble();
            double phase = random.NextDouble() * Math.Tau;
            for (int column = 0; column < columns; column++)
                surface[column] += height * Math.Sin(phase + Math.Tau * column / length);
        }
        return surface;
    }

    private static char At(double depth, Random random)
    {
        if (depth >= 0) return Water[Math.Min((int)(depth / 2 + random.NextDouble()), Water.Length - 1)];
        return random.NextDouble() < StarShare ? ".*+"[random.Next(3)] : ' ';
    }

    /// <summary>Its keel lies on the water of the column in its middle; what is outside the drawing is not drawn.</summary>
    private static void PlaceGalley(char[][] canvas, double[] surface, int columns, Random random)
    {
        int width = Galley[0].Length;
        int left = random.Next(Math.Max(1, columns - width));
        int keel = (int)surface[Math.Min(columns - 1, left + width / 2)];
        for (int i = 0; i < Galley.Length; i++)
        {
            int row = keel - Galley.Length + 1 + i;
            if (row < 0 || row >= canvas.Length) continue;
            for (int j = 0; j < width && left + j < columns; j++)
                if (Galley[i][j] != ' ') canvas[row][left + j] = Galley[i][j];
        }
    }
}
