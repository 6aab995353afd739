using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>What a server would have run: commands with the database they ran in; a unit counts at its EXEC.</summary>
internal sealed class RecordingTarget : IEffectTarget
{
    private readonly List<string> _unit = [];
    private int _database;
    private bool _isInUnit;

    public List<string> Applied { get; } = [];

    public bool IsInUnit => _isInUnit;

    public void Apply(in Arguments command)
    {
        var words = new List<string>();
        for (int i = 0; i < command.Count; i++) words.Add(Encoding.Latin1.GetString(command[i]));
        switch (words[0])
        {
            case "SELECT":
                _database = int.Parse(words[1], CultureInfo.InvariantCulture);
                break;
            case "MULTI":
                Assert.False(_isInUnit);
                _isInUnit = true;
                break;
            case "EXEC":
                Assert.True(_isInUnit);
                _isInUnit = false;
                Applied.AddRange(_unit);
                _unit.Clear();
                break;
            default:
                (_isInUnit ? _unit : Applied).Add($"{_database}: {string.Join(' ', words)}");
                break;
        }
    }
}
