using System.Diagnostics;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Configuration;

/// <summary>Files that stop the start: both servers say the same of the same line.</summary>
public sealed class FileTests
{
    private const int LimitMs = 30_000;

    public static TheoryData<string> Lines =>
    [
        "port", "port 1 2", "port x", "port 65536", "port \"\"", "foo", "foo \"a", "\"\" a", "hz \"a\"b", "unixsocketperm 888", "unixsocketperm 1777",
        "unixsocketperm -1", "io-threads 0", "io-threads 129", "databases 0", "tcp-backlog -1", "socket-mark-id 4294967296", "cluster-port 65536",
        "syslog-facility foo", "supervised foo", "enable-module-command foo", "aclfile a b", "aclfile", "dbfilename a/b", "appendfilename \"\"",
        "appenddirname a/b", "dir /nosuch/folder", "loadmodule", "rename-command", "rename-command config",
        "rename-command nosuch xx", "rename-command config get", "sentinel foo", "client-output-buffer-limit normal 1 2",
        "client-output-buffer-limit master 1 2 3", "client-output-buffer-limit normal -1 2 3", "client-output-buffer-limit normal 1 2 3kb",
        "oom-score-adj-values 1 2", "oom-score-adj-values 1 2 x", "save 1", "save x 1", "save 0 1", "save 1 -1", "replicaof", "replicaof a",
        "replicaof a b", "replicaof a 70000", "bind 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "masteruser",
        "latency-tracking-info-percentiles 101", "maxmemory-clients 101%", "notify-keyspace-events", "proc-title-template \"{foo}\"",
        "shutdown-on-sigterm", "shutdown-on-sigterm save nosave", "slave-announced no", "list-max-ziplist-entries 1 2", "appendonly maybe",
        "maxmemory 1x", "cluster-announce-hostname a_b", "vm-enabled no", "hash-max-zipmap-entries 5",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_that_cannot_be_followed_is_quoted_with_the_error_of_redis(string line)
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        Assert.Equal(Refusal(Oracle.RedisServer!, line), Refusal(Executables.Galley, line));
    }

    /// <summary>The two lines that tell: the line itself, and what is wrong with it.</summary>
    private static string[] Refusal(string program, string line)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("galley-file-");
        try
        {
            string file = Path.Combine(folder.FullName, "a.conf");
            File.WriteAllText(file, $"# a file\nport 0\n{line}\n");
            var start = new ProcessStartInfo(program, file) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder.FullName };
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            bool hasEnded = process.WaitForExit(LimitMs);
            if (!hasEnded) process.Kill();
            Assert.True(hasEnded, $"{program} started with '{line}'");
            Assert.Equal(1, process.ExitCode);
            string[] lines = error.Result.Split('\n');
            int at = Array.FindIndex(lines, text => text.StartsWith(">>> ", StringComparison.Ordinal));
            Assert.True(at >= 0, $"{program} said: {error.Result}{output.Result}");
            return lines[at..(at + 2)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
