using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>One SAVE: everything is written before anything else runs.</summary>
internal static class ForegroundSave
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes the file and puts it in its place; null, or why it could not.</summary>
    public static string? Run(ServerContext server, IFiles files, RdbSaveFile file)
    {
        try
        {
            using IFile opened = files.Create(file.TemporaryPath);
            var output = new FileOutput(opened);
            var writer = new RdbFileWriter(server, output);
            writer.Begin(isLogBase: false);
            SnapshotWalk.VisitAll(server.Databases, new Sink(writer));
            writer.End();
            output.Flush();
            string? failure = file.TryPublish(opened.Flush);
            if (failure is not null) file.Discard();
            return failure;
        }
        catch (IOException failure)
        {
            file.Discard();
            return FileErrors.Reason(failure);
        }
    }

    private sealed class Sink(RdbFileWriter writer) : ISnapshotSink
    {
        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry) => writer.Write(databaseId, in entry);
    }

    private sealed class FileOutput(IFile file) : IRdbOutput
    {
        private readonly byte[] _buffer = new byte[BufferBytes];
        private int _length;
        private long _offset;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                if (_length == _buffer.Length) Flush();
                int taken = Math.Min(bytes.Length, _buffer.Length - _length);
                bytes[..taken].CopyTo(_buffer.AsSpan(_length));
                _length += taken;
                bytes = bytes[taken..];
            }
        }

        public void Flush()
        {
            file.Write(_buffer.AsSpan(0, _length), _offset);
            _offset += _length;
            _length = 0;
        }
    }
}
