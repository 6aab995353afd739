using System.Globalization;
using System.Text;

namespace Galley.Store.Commands;

/// <summary>The text of INFO: titled sections with an empty line between, a field on each line.</summary>
internal sealed class InfoWriter
{
    private readonly StringBuilder _text = new();

    public void Begin(string title)
    {
        if (_text.Length > 0) _text.Append("\r\n");
        _text.Append("# ").Append(title).Append("\r\n");
    }

    public void Field(string name, string value) => _text.Append(name).Append(':').Append(value).Append("\r\n");

    public void Field(string name, long value) => Field(name, value.ToString(CultureInfo.InvariantCulture));

    public void Field(string name, bool value) => Field(name, value ? "1" : "0");

    /// <summary>A share of a whole: <c>98.81%</c>.</summary>
    public void Percent(string name, double percent) =>
        Field(name, percent.ToString("F2", CultureInfo.InvariantCulture) + "%");

    public void Ratio(string name, double value) => Field(name, value.ToString("F2", CultureInfo.InvariantCulture));

    public void Seconds(string name, TimeSpan value) => Field(name, value.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));

    /// <summary>Bytes, and the same again for people to read.</summary>
    public void Bytes(string name, long value)
    {
        Field(name, value);
        Human(name, value);
    }

    /// <summary>Bytes for people to read: <c>1.50M</c>.</summary>
    public void Human(string name, long bytes) => Field(name + "_human", HumanText(bytes));

    public override string ToString() => _text.ToString();

    private static string HumanText(long bytes)
    {
        if (bytes < 1024) return bytes.ToString(CultureInfo.InvariantCulture) + "B";
        double scaled = bytes;
        int unit = -1;
        for (; scaled >= 1024 && unit < 4; unit++) scaled /= 1024;
        return scaled.ToString("F2", CultureInfo.InvariantCulture) + "KMGTP"[unit];
    }
}
