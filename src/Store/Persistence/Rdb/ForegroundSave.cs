using System.Diagnostics;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>One SAVE: everything is written before anything else runs; others may be told that it takes long.</summary>
internal static class ForegroundSave
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Work between two looks at who waits.</summary>
    private static readonly long YieldTicks = Stopwatch.Frequency / 200;

    /// <summary>Writes the file and puts it in its place; null, or why it could not.</summary>
    /// <param name="yields">It is a client's command: beyond <c>busy-reply-threshold</c> others hear BUSY, and may end the server.</param>
    public static string? Run(ServerContext server, IFiles files, RdbSaveFile file, bool yields)
    {
        try
        {
            using IFile opened = files.Create(file.TemporaryPath);
            var output = new FileOutput(opened);
            var writer = new RdbFileWriter(server, new ChecksummedFile(output, server.Settings.RdbChecksum));
            writer.Begin(isLogBase: false);
            SnapshotWalk.VisitAll(server.Databases, new Sink(writer, yields ? server.Control : null));
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

    private sealed class Sink(RdbFileWriter writer, IServerControl? control) : ISnapshotSink
    {
        private long _yieldAt = Stopwatch.GetTimestamp() + YieldTicks;

        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry)
        {
            writer.Write(databaseId, in entry);
            if (control is null || Stopwatch.GetTimestamp() < _yieldAt) return;
            if (!control.Yield(LongWork.Command)) throw new IOException("the server is to end");
            _yieldAt = Stopwatch.GetTimestamp() + YieldTicks;
        }
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
