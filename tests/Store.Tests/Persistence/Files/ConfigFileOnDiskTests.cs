using Galley.Store.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Files;

public sealed class ConfigFileOnDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-rewrite-");

    private string FilePath => Path.Combine(_folder.FullName, "a.conf");

    public void Dispose()
    {
        if (_folder.Exists) _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_file_is_replaced_and_keeps_its_permissions()
    {
        File.WriteAllText(FilePath, "old");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var file = new ConfigFileOnDisk(FilePath);

        file.Replace("new"u8);

        Assert.Equal("new"u8.ToArray(), file.Read());
        Assert.Equal(["a.conf"], _folder.EnumerateFiles().Select(found => found.Name));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_file_that_is_gone_is_made_again()
    {
        var file = new ConfigFileOnDisk(FilePath);

        Assert.Empty(file.Read());
        file.Replace("new"u8);

        Assert.Equal("new", File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_folder_that_is_gone_is_told_in_the_words_of_the_system()
    {
        var file = new ConfigFileOnDisk(FilePath);
        _folder.Delete();
        _folder.Refresh();

        Assert.Equal("No such file or directory", Assert.Throws<IOException>(() => file.Replace("new"u8)).Message);
    }

    [Fact]
    public void What_cannot_be_put_in_place_leaves_nothing_behind()
    {
        Directory.CreateDirectory(FilePath);
        File.WriteAllText(Path.Combine(FilePath, "in-the-way"), "");

        Assert.Throws<IOException>(() => new ConfigFileOnDisk(FilePath).Replace("new"u8));

        Assert.Empty(_folder.EnumerateFiles());
    }
}
