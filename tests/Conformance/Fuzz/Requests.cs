using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Galley.Conformance.Models;

namespace Galley.Conformance.Fuzz;

/// <summary>Valid requests and frames for the doors of HTTP, to be spoilt.</summary>
public static class Requests
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;

    public static byte[] Handshake { get; } = Encoding.ASCII.GetBytes(
        "GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: galley.v1.json\r\n\r\n");

    public static string Http(Random random)
    {
        string[][] commands = [.. Commands(random, random.Next(1, 20))];
        string body = random.Next(3) == 0 ? JsonSerializer.Serialize(commands[0]) : JsonSerializer.Serialize(commands);
        string path = random.Next(6) switch { 0 => "/", 1 => "/multi-exec", 2 => "/set/foo", 3 => "/get/foo", 4 => "/v1/keys", _ => "/pipeline" };
        string extra = random.Next(6) switch { 0 => "Upstash-Encoding: base64\r\n", 1 => "Authorization: Bearer x\r\n", 2 => "Upstash-Response-Format: resp2\r\n", _ => "" };
        string method = random.Next(8) switch { 0 => "GET", 1 => "PUT", 2 => "HEAD", 3 => "DELETE", _ => "POST" };
        int length = Encoding.UTF8.GetByteCount(body);
        return string.Create(CultureInfo.InvariantCulture,
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{extra}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    }

    /// <summary>One masked text frame with a request of the gateway's protocol; now and then a ping, a piece or a close.</summary>
    public static byte[] Frame(Random random)
    {
        string[] command = Commands(random, 1).First();
        object request = random.Next(5) switch
        {
            0 => new { type = "subscribe", id = $"s{random.Next(9)}", channels = new[] { "a", "b" } },
            1 => new { type = "psubscribe", id = $"p{random.Next(9)}", patterns = new[] { "a*" } },
            2 => new { type = "unsubscribe", id = $"s{random.Next(9)}" },
            3 => new { type = "ping", t = random.Next() },
            _ => new { type = "cmd", id = $"c{random.Next(9)}", args = command },
        };
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(request);
        byte kind = random.Next(12) switch { 0 => 2, 1 => 9, 2 => 10, 3 => 8, 4 => 0, _ => 1 };
        var frame = new MemoryStream();
        frame.WriteByte((byte)((random.Next(10) == 0 ? 0 : Final) | kind));
        if (payload.Length < 126) frame.WriteByte((byte)(Masked | payload.Length));
        else
        {
            Span<byte> length = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
            frame.WriteByte(Masked | 126);
            frame.Write(length);
        }
        byte[] mask = [1, 2, 3, 4];
        frame.Write(mask);
        for (int i = 0; i < payload.Length; i++) frame.WriteByte((byte)(payload[i] ^ mask[i % 4]));
        return frame.ToArray();
    }

    private static IEnumerable<string[]> Commands(Random random, int count)
    {
        var stream = new ModelStream(random.Next());
        for (int i = 0; i < count; i++) yield return Array.ConvertAll(stream.Next().Words, Encoding.Latin1.GetString);
    }
}
