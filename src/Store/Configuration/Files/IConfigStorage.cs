namespace Galley.Store.Configuration;

/// <summary>The configuration file as CONFIG REWRITE needs it. Every failure is an <see cref="IOException"/>.</summary>
public interface IConfigStorage
{
    /// <summary>What it holds now; nothing where it is gone.</summary>
    byte[] Read();

    /// <summary>Puts the new content in its place in one step, durably: a crash leaves the old file or the new one.</summary>
    void Replace(ReadOnlySpan<byte> content);
}
