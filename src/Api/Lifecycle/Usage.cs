using Galley.Store.Commands;

namespace Galley.Api.Lifecycle;

/// <summary>What the program says of itself.</summary>
internal static class Usage
{
    /// <summary>In the form of redis-server's: what asks for a version takes the first number in it.</summary>
    public static string Version { get; } =
        $"Galley server v={ServerVersion.Redis} galley={ServerVersion.Galley} malloc=galley bits={IntPtr.Size * 8}";

    public const string Help = """
        Usage: galley [/path/to/redis.conf] [options] [-]
               galley - (read config from stdin)
               galley -v or --version
               galley -h or --help
               galley --check-config [/path/to/redis.conf] [options] [-]
               galley --check-system
               galley check-rdb <rdb-file-name>
               galley check-aof [--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>

        Examples:
               galley (run the server with default conf)
               echo 'maxmemory 128mb' | galley -
               galley /etc/redis/6379.conf
               galley --port 7777
               galley --port 7777 --http-port 8777 --http-token secret
               galley /etc/myredis.conf --loglevel verbose -
               galley /etc/myredis.conf --loglevel verbose
        """;

    public const string NoMemoryTest =
        "Galley does not test memory. Boot memtest86+ (https://memtest.org), or run memtester (apt-get install memtester).";

    public const string NoSentinel =
        "Galley cannot run as a Sentinel. Run redis-sentinel beside it.";
}
