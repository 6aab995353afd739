using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>
/// One client that writes until the server is gone. What it was told is done, it remembers: key number n was set to n for all
/// n below <see cref="Acknowledged"/>, and the counter was counted up to it.
/// </summary>
public sealed class Writer(string name)
{
    public string Name => name;

    public int Acknowledged { get; private set; }

    public string Key(int n) => string.Create(CultureInfo.InvariantCulture, $"{name}:{n}");

    /// <summary>Sets one key and counts it, in pipelines of several, over RESP.</summary>
    public void WriteOverResp(ServerProcess server, int pipeline)
    {
        using RespConnection connection = server.Connect();
        while (true)
        {
            int first = Acknowledged;
            IEnumerable<byte> bytes = Enumerable.Range(first, pipeline).SelectMany(n => (byte[])
                [.. CommandLine.Encode("SET", Key(n), $"{n}"), .. CommandLine.Encode("INCR", name + ":count")]);
            if (!connection.Send(bytes.ToArray())) return;
            for (int n = first; n < first + pipeline; n++)
            {
                if (connection.Read().Text != "OK") return;
                Reply count = connection.Read();
                if (count.IsMissing) return;
                if (!count.TryInteger(out long counted) || counted != n + 1)
                    throw new InvalidOperationException($"{name}: INCR says {count} where {n + 1} is due");
                Acknowledged = n + 1;
            }
        }
    }

    /// <summary>The same over HTTP, as one transaction.</summary>
    public async Task WriteOverHttpAsync(HttpClient http)
    {
        try
        {
            while (true)
            {
                string[][] commands = [["SET", Key(Acknowledged), $"{Acknowledged}"], ["INCR", name + ":count"]];
                using HttpResponseMessage answer = await http.PostAsJsonAsync("/multi-exec", commands);
                string said = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{name}: {answer.StatusCode} {said}");
                Acknowledged++;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server is gone, as it was meant to.
        }
    }

    /// <summary>What was acknowledged and is not there.</summary>
    public IEnumerable<string> Lost(RespConnection connection)
    {
        foreach (int[] batch in Enumerable.Range(0, Acknowledged).Chunk(500))
        {
            Reply values = connection.Ask(["MGET", .. batch.Select(Key)]);
            for (int i = 0; i < batch.Length; i++)
            {
                if (values.Items[i].Text != batch[i].ToString(CultureInfo.InvariantCulture)) yield return $"{Key(batch[i])} is {values.Items[i]}";
            }
        }
        connection.Ask("GET", name + ":count").TryInteger(out long count);
        if (count < Acknowledged) yield return $"{name}:count is {count} of {Acknowledged}";
    }
}
