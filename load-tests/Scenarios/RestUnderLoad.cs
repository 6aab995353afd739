using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>A REST GET, one at a time on one connection, first alone and then while redis-benchmark saturates RESP.</summary>
public static class RestUnderLoad
{
    private const long RequestsWithoutEnd = 2_000_000_000;
    private const double NanosecondsPerMicrosecond = 1000.0;

    public static void Run(Options options, Report report)
    {
        (string name, string[] command) = Servers.Picked(options).First(s => s.Name == Servers.Ours);
        using var server = new Server(name, command, isServingHttp: true);
        using (RespClient client = server.Connect()) client.AskText("SET", "greeting", "hello");
        double seconds = options.Seconds(20);
        report.Line($"{"RESP",-28}{"GETs/s",9}{"p50 us",9}{"p99 us",9}{"p99.9 us",10}{"max us",10}");
        Measure(server, report, "idle", seconds / 2);
        foreach (int pipeline in (int[])[1, 16])
        {
            using Process load = Benchmark.Start(server.Port, "get", pipeline, RequestsWithoutEnd);
            load.OutputDataReceived += (_, _) => { };
            load.BeginOutputReadLine();
            Thread.Sleep(500);
            Measure(server, report, $"50 connections, P {pipeline}", seconds);
            if (load.HasExited) throw new InvalidOperationException("redis-benchmark ended before the measurement did");
            load.Kill();
            load.WaitForExit();
        }
    }

    private static void Measure(Server server, Report report, string name, double seconds)
    {
        var histogram = new LongHistogram(1, 60_000_000_000, 3);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, server.HttpPort);
        byte[] request = Encoding.ASCII.GetBytes("GET /get/greeting HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        byte[] answer = new byte[4096];
        for (int i = 0; i < 2000; i++) Ask(socket, request, answer);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            long started = Stopwatch.GetTimestamp();
            Ask(socket, request, answer);
            histogram.RecordValue((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }
        report.Line($"{name,-28}{histogram.TotalCount / clock.Elapsed.TotalSeconds,9:F0}{At(histogram, 50),9:F0}{At(histogram, 99),9:F0}{At(histogram, 99.9),10:F0}{At(histogram, 100),10:F0}");
    }

    /// <summary>The answer is whole once its body's last brace has come.</summary>
    private static void Ask(Socket socket, byte[] request, byte[] answer)
    {
        socket.Send(request);
        int count = 0;
        do
        {
            int received = socket.Receive(answer.AsSpan(count));
            if (received == 0) throw new IOException("the server closed the connection");
            count += received;
        }
        while (answer.AsSpan(0, count).IndexOf("\"result\":\"hello\"}"u8) < 0 && !IsError(answer.AsSpan(0, count)));
    }

    private static bool IsError(ReadOnlySpan<byte> answer) => !answer.StartsWith("HTTP/1.1 200"u8)
        ? throw new InvalidOperationException(Encoding.ASCII.GetString(answer))
        : false;

    private static double At(LongHistogram histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;
}
