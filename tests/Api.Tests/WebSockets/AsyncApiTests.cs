using System.Text.RegularExpressions;
using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>docs/asyncapi.yaml says what the code does: no type of frame and no close code is missing there, and none too many.</summary>
public sealed partial class AsyncApiTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Description = File.ReadAllText(Path.Combine(Root, "docs", "asyncapi.yaml"));

    [Fact]
    public void Every_type_of_frame_is_described()
    {
        SortedSet<string> inCode = [.. typeof(FrameTypes).GetFields().Select(field => (string)field.GetRawConstantValue()!)];

        SortedSet<string> described = [.. TypesDescribed().Matches(Description).Select(match => match.Groups[1].Value)];

        Assert.Equal(described, inCode);
    }

    [Fact]
    public void Every_close_code_is_described()
    {
        SortedSet<int> described = [.. CodesDescribed().Matches(Description).Select(match => int.Parse(match.Groups[1].Value))];

        Assert.Equal(described, [.. Enum.GetValues<CloseCode>().Select(code => (int)code).Order()]);
    }

    [Theory]
    [MemberData(nameof(ClientExamples))]
    public async Task Every_example_of_a_client_s_frame_is_understood(string frame)
    {
        await using SocketServer server = await SocketServer.StartAsync();
        using SocketClient client = await SocketClient.OpenReadyAsync(server);

        string answer = await client.AskAsync(frame);

        Assert.DoesNotContain("BADFRAME\",\"message\":\"type", answer);
        // What they are about is none of this socket's.
        if (AboutOthers().IsMatch(frame)) Assert.Contains("has this id", answer);
        else Assert.DoesNotContain("\"error\"", answer.Split(",\"result\"")[0]);
    }

    public static TheoryData<string> ClientExamples() => [.. ExampleLines().Matches(Description)
        .Select(match => Json(match.Groups[1].Value))
        .Where(frame => ClientTypes().IsMatch(frame))];

    /// <summary>The flow style of YAML, with its bare words in quotation marks.</summary>
    private static string Json(string yaml) => BareWords().Replace(yaml.Replace('\'', '"'), match =>
        match.Value.StartsWith('"') || match.Value is "true" or "false" || double.TryParse(match.Value, out _) ? match.Value : $"\"{match.Value}\"");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Galley.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests lie outside the repository: Galley.slnx is not above them.");
    }

    [GeneratedRegex(@"^ +type: \{ const: ([\w.]+) \}", RegexOptions.Multiline)]
    private static partial Regex TypesDescribed();

    [GeneratedRegex(@"^ +\| (\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex CodesDescribed();

    [GeneratedRegex(@"^ +- payload: (\{.*\})$", RegexOptions.Multiline)]
    private static partial Regex ExampleLines();

    [GeneratedRegex("\"type\": \"(auth|subscribe|psubscribe|ssubscribe|unsubscribe|sunsubscribe|cmd|ping|stream.read|group.read|credit|ack|nack|claim)\"")]
    private static partial Regex ClientTypes();

    [GeneratedRegex("\"type\": \"(unsubscribe|sunsubscribe|credit|ack|nack|claim)\"")]
    private static partial Regex AboutOthers();

    [GeneratedRegex("\"[^\"]*\"|[A-Za-z0-9][\\w-]*")]
    private static partial Regex BareWords();
}
