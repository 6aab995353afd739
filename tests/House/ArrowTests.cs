using System.Reflection;
using System.Xml.Linq;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.House;

/// <summary>The arrows between the projects and, inside Store, between its rooms: never back.</summary>
public sealed class ArrowTests
{
    // Each room may refer to those on lower floors and to its own; two rooms of one floor do not know each other.
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Memory"] = 0,
        ["Configuration"] = 0,
        ["Observability"] = 0,
        ["Types"] = 1,
        ["Keyspace"] = 2,
        ["Commands"] = 3,
        ["Engine"] = 4,
        ["Scripting"] = 5,
        ["Persistence"] = 5,
        ["Replication"] = 5,
        ["Cluster"] = 5,
    };

    private static readonly Assembly Store = typeof(CommandTable).Assembly;
    private static readonly Assembly Resp = typeof(RespWriter).Assembly;

    [Fact]
    public void No_room_of_the_store_refers_to_a_higher_one()
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Type type in Store.GetTypes())
        {
            if (Room(type) is not { } from) continue;
            foreach (Type other in References.Of(type))
            {
                if (other.Assembly != Store || Room(other) is not { } to || from == to || Floors[from] > Floors[to]) continue;
                wrong.Add($"{Name(type)} ({from}) refers to {Name(other)} ({to})");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong)
            + "\nRemedy: Memory <- Types <- Keyspace <- Commands <- Engine <- Scripting, Persistence, Replication, Cluster. Where the lower room"
            + " has to call up, let it own an interface that the higher room implements; or move the type down to where it is used.");
    }

    [Fact]
    public void Every_room_of_the_store_has_its_floor()
    {
        string[] unknown = [.. Store.GetTypes().Select(RoomName).OfType<string>().Where(r => !Floors.ContainsKey(r)).Distinct()];
        Assert.True(unknown.Length == 0, $"No floor for {string.Join(", ", unknown)}. Remedy: add the room to ArrowTests.Floors, where the"
            + " design puts it, and to docs/ARCHITECTURE.md.");
    }

    [Fact]
    public void Resp_knows_nothing_of_ours_and_Store_knows_Resp_alone()
    {
        string[] ofResp = Ours(Resp);
        string[] ofStore = Ours(Store);
        Assert.True(ofResp.Length == 0, $"Galley.Resp refers to {string.Join(", ", ofResp)}. Remedy: Resp <- Store <- Api: move what it needs"
            + " into Resp, or let Resp own an interface.");
        Assert.True(ofStore is [] or ["Galley.Resp"], $"Galley.Store refers to {string.Join(", ", ofStore)}. Remedy: Resp <- Store <- Api: let"
            + " Store own an interface that the host implements.");
    }

    [Theory]
    [InlineData("src/Resp/Galley.Resp.csproj", "")]
    [InlineData("src/Store/Galley.Store.csproj", "Galley.Resp")]
    public void A_project_file_references_what_the_arrows_allow(string path, string allowed)
    {
        string[] references = [.. XDocument.Load(Path.Combine(Sources.Root, path)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))];
        Assert.True(references.All(r => r == allowed), $"{path} references {string.Join(", ", references)}. Remedy: Resp <- Store <- Api, never back.");
    }

    [Fact]
    public void Neither_Resp_nor_Store_knows_ASP_NET()
    {
        string[] web = [.. new[] { Resp, Store }.SelectMany(a => a.GetReferencedAssemblies()).Select(a => a.Name!)
            .Where(n => n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || n.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal))];
        Assert.True(web.Length == 0, $"The engine refers to {string.Join(", ", web)}. Remedy: doors belong to src/Api, which calls Engine.Execute.");
    }

    private static string[] Ours(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Galley", StringComparison.OrdinalIgnoreCase))];

    private static string? Room(Type type) => RoomName(type) is { } room && Floors.ContainsKey(room) ? room : null;

    // Galley.Store.Keyspace.Entry -> Keyspace.
    private static string? RoomName(Type type) =>
        type.Namespace?.Split('.') is ["Galley", "Store", var room, ..] ? room : null;

    private static string Name(Type type) => (type.DeclaringType is { } outer ? outer.Name + "." : "") + type.Name;
}
