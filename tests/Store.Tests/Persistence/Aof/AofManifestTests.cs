using System.Text;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// What redis-server 7.0.15 said to each of these manifests was tried before it was written down here.
/// </summary>
public class AofManifestTests
{
    private const string Base = "file appendonly.aof.2.base.aof seq 2 type b\n";
    private const string Increment = "file appendonly.aof.2.incr.aof seq 2 type i\n";

    [Theory]
    [InlineData(Base + Increment)]
    [InlineData(Base + "file appendonly.aof.1.base.rdb seq 1 type h\n" + Increment)]
    [InlineData("file \"my file.aof.1.base.aof\" seq 1 type b\n")]
    [InlineData("file \"q\\\"t.aof.1.base.rdb\" seq 1 type b\n")]
    [InlineData("file \"\\xc3\\xa9.aof.1.incr.aof\" seq 1 type i\n")]
    [InlineData("file \"tab\\tx.aof.1.incr.aof\" seq 1 type i\n")]
    [InlineData("file a#b.aof.1.incr.aof seq 1 type i\n")]
    [InlineData("file a.1.incr.aof seq 1 type i length 4711\nfile a.2.incr.aof seq 2 type i\n")]
    public void What_redis_server_writes_is_read_and_written_alike(string text) => Assert.Equal(text, Rewritten(text));

    [Theory]
    [InlineData("seq 2 type i file appendonly.aof.2.incr.aof\n", Increment)]
    [InlineData("FILE appendonly.aof.2.incr.aof SEQ 2 TYPE i\n", Increment)]
    [InlineData("file appendonly.aof.2.incr.aof seq 2 type incr\n", Increment)]
    [InlineData("file appendonly.aof.2.incr.aof seq 2 type i later word\n", Increment)]
    [InlineData("file appendonly.aof.2.incr.aof seq 2 type i\r\n", Increment)]
    [InlineData("  file 'appendonly.aof.2.incr.aof'  seq \"2\" type i \n", Increment)]
    [InlineData("# a remark\n" + Increment, Increment)]
    [InlineData("# a remark\n", "")]
    [InlineData(Increment + Base, Base + Increment)]
    public void What_redis_server_reads_is_read(string text, string meaning) => Assert.Equal(meaning, Rewritten(text));

    [Theory]
    [InlineData("", "Found an empty AOF manifest")]
    [InlineData("file a.1.incr.aof seq 1 type i", "The AOF manifest file contains too long line")]
    [InlineData("\n", "Invalid AOF manifest file format")]
    [InlineData(Increment + "\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 1\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 1 type i odd\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 0 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq -1 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq abc type i\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 99999999999999999999 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 1 type i length -5\n", "Invalid AOF manifest file format")]
    [InlineData("file \"a seq 1 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file \"a\"b seq 1 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file \"\" seq 1 type i\n", "Invalid AOF manifest file format")]
    [InlineData("file a seq 1 type x\n", "Unknown AOF file type")]
    [InlineData("file ../a seq 1 type i\n", "File can't be a path, just a filename")]
    [InlineData("file a\\b seq 1 type i\n", "File can't be a path, just a filename")]
    [InlineData("file \"a\\x00b\" seq 1 type i\n", "File can't be a path, just a filename")]
    [InlineData("file .. seq 1 type i\n", "File can't be a path, just a filename")]
    [InlineData("file a seq 1 type b\nfile b seq 2 type b\n", "Found duplicate base file information")]
    [InlineData("file b seq 2 type i\nfile a seq 1 type i\n", "Found a non-monotonic sequence number")]
    [InlineData("file a seq 1 type i\nfile b seq 1 type i\n", "Found a non-monotonic sequence number")]
    [InlineData("file a seq 1 type i\nfile a seq 1 type h\n", "Found the same file twice")]
    public void What_is_damaged_is_refused_with_its_reason(string text, string reason)
    {
        var failure = Assert.Throws<PersistenceException>(() => Rewritten(text));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_or_a_file_that_is_too_long_is_refused()
    {
        string longName = new('a', AofManifestText.LineBytesMax);
        Assert.Throws<PersistenceException>(() => Rewritten($"file {longName} seq 1 type i\n"));
        Assert.Throws<PersistenceException>(() => Rewritten(new string('#', 20) + "\n" + string.Concat(Enumerable.Repeat("#\n", AofManifestText.TextBytesMax))));
    }

    [Fact]
    public void Bytes_at_random_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(4711);
        byte[] valid = Encoding.ASCII.GetBytes(Base + "file \"\\xc3 a\" seq 1 type h\n" + Increment);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = [.. valid];
            for (int flips = random.Next(1, 6); flips > 0; flips--) text[random.Next(text.Length)] = (byte)random.Next(256);
            try
            {
                AofManifestText.Read(text.AsSpan(0, random.Next(text.Length + 1)), "random");
            }
            catch (PersistenceException)
            {
                // Refused in words, which is one of the two allowed ends.
            }
        }
    }

    [Fact]
    public void A_rewrite_makes_history_of_what_it_replaces_and_keeps_what_came_later()
    {
        AofManifest manifest = Read(Base + Increment + "file c seq 3 type i\nfile d seq 4 type i\n");

        AofManifest rewritten = manifest.Rewrite(new AofFile("new", 3, AofFileType.Base), firstIncrement: 4);

        Assert.Equal(
            "file new seq 3 type b\nfile appendonly.aof.2.base.aof seq 2 type h\nfile appendonly.aof.2.incr.aof seq 2 type h\n"
            + "file c seq 3 type h\nfile d seq 4 type i\n",
            Encoding.ASCII.GetString(AofManifestText.Write(rewritten)));
    }

    private static string Rewritten(string text) => Encoding.ASCII.GetString(AofManifestText.Write(Read(text)));

    private static AofManifest Read(string text) => AofManifestText.Read(Encoding.Latin1.GetBytes(text), "appendonly.aof.manifest");
}
