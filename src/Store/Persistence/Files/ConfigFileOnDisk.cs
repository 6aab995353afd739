using Galley.Store.Configuration;

namespace Galley.Store.Persistence.Files;

/// <summary>The configuration file of a running server: written beside itself, flushed, renamed, and the folder flushed.</summary>
public sealed class ConfigFileOnDisk(string path) : IConfigStorage
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _path = path;

    public byte[] Read() => Tried(() => File.Exists(_path) ? File.ReadAllBytes(_path) : []);

    public void Replace(ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        string temporary = $"{_path}-{Environment.ProcessId}.tmp";
        Tried(() =>
        {
            try
            {
                Write(temporary, bytes);
                File.Move(temporary, _path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
            DirectorySync.Sync(Path.GetDirectoryName(_path)!);
            return 0;
        });
    }

    /// <summary>A file that holds a password stays as closed as it was; a new one has the permissions that redis-server gives it.</summary>
    private void Write(string temporary, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = File.Exists(_path) ? File.GetUnixFileMode(_path) : ReadableByAll;
        using var file = new FileStream(temporary, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A failure is told in the words of strerror.</summary>
    private static T Tried<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException("Permission denied", refused);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new IOException("No such file or directory", missing);
        }
        catch (IOException failure)
        {
            throw new IOException(FileErrors.Reason(failure), failure);
        }
    }
}
