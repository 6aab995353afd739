using Galley.Store.Scripting;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Keyspace;
using Galley.Store.Persistence;
using Galley.Store.Tests.Commands;
using Galley.Store.Tests.Keyspace;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>An engine with its data on a disk in memory.</summary>
internal sealed class FolderFixture : IDisposable
{
    private readonly DataFolder _data;
    private readonly SimulatedFiles _disk;

    private FolderFixture(SimulatedFiles disk, Action<Settings>? configure)
    {
        _disk = disk;
        var settings = new Settings { Directory = "/data", AppendOnly = false, EnableDebugCommand = Allowed.Yes, Save = new SavePoints([]) };
        configure?.Invoke(settings);
        Engine = new GalleyEngine(settings, CommandTable.Shared, Time);
        ScriptingRoom.Attach(Engine.Server);
        _data = DataFolder.Create(Engine, Said.Add, Time, disk);
        Client = new TestClient(Engine);
    }

    public GalleyEngine Engine { get; }

    public ManualTime Time { get; } = new();

    public TestClient Client { get; }

    /// <summary>The lines of the server's log.</summary>
    public List<string> Said { get; } = [];

    public Database Database => Engine.Server.Databases[0];

    /// <summary>Loads what is on the disk.</summary>
    public static FolderFixture Start(SimulatedFiles disk, Action<Settings>? configure = null)
    {
        var fixture = new FolderFixture(disk, configure);
        try
        {
            fixture._data.Load();
            return fixture;
        }
        catch
        {
            fixture.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command; the thread of a save may hold the gate for a moment.</summary>
    public string Run(string command)
    {
        Task run = Client.Start(command);
        Assert.True(SpinWait.SpinUntil(() => run.IsCompleted, 20_000), $"'{command}' did not run.");
        return Client.TakeReply();
    }

    /// <summary>Lets a save or a rewrite that is under way come to its end.</summary>
    public void Finish()
    {
        bool ended = SpinWait.SpinUntil(() =>
        {
            Engine.RunCron();
            return !Engine.Server.Saves.Figures.InProgress && !Run("INFO persistence").Contains("aof_rewrite_in_progress:1", StringComparison.Ordinal);
        }, 20_000);
        Assert.True(ended, "It came to no end.");
    }

    /// <summary>The file that SAVE writes.</summary>
    public byte[] Saved()
    {
        Assert.Equal("+OK", Run("SAVE"));
        return _disk.Content("/data/dump.rdb");
    }

    public void Dispose()
    {
        _data.Dispose();
        Engine.Dispose();
    }
}
