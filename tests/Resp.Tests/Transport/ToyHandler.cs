using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>The smallest application behind a transport: a dictionary, a lock for a gate, and commands that poke the transport.</summary>
internal sealed class ToyHandler : IConnectionHandler
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<ITurnWork> _mailbox = new();
    private readonly Dictionary<string, byte[]> _values = [];
    private readonly Dictionary<Connection, RespWriter> _writers = [];
    private long _releasedTicket;
    private ITransportLoop? _loop;
    private bool _isFree;
    private int _comers;

    public event Action? TicketReleased;

    public Traffic Traffic { get; } = new();

    public long ReleasedTicket => Volatile.Read(ref _releasedTicket);

    public int OpenedCount { get; private set; }

    public int ClosedCount { get; private set; }

    /// <summary>Turns that were begun, or are waited for.</summary>
    public int Comers => Volatile.Read(ref _comers);

    /// <summary>Commands that were run.</summary>
    public int CommandCount { get; private set; }

    /// <summary>Who said NOTE, in order. To be read in a turn.</summary>
    public List<Connection> Notes { get; } = [];

    /// <summary>Clients count as strangers until they said AUTH.</summary>
    public bool AsksForPassword { get; init; }

    /// <summary>Refuse who comes when so many are there.</summary>
    public int ClientsMax { get; init; } = int.MaxValue;

    public void EnterTurn(ITransportLoop? loop = null)
    {
        Interlocked.Increment(ref _comers);
        _gate.Enter();
        _loop = loop;
    }

    public void LeaveTurn()
    {
        ServeMailbox();
        _gate.Exit();
        ServeLate();
    }

    public void Post(ITurnWork work)
    {
        _mailbox.Enqueue(work);
        if (!_gate.IsHeldByCurrentThread) ServeLate();
    }

    public void Release(long ticket)
    {
        Volatile.Write(ref _releasedTicket, ticket);
        TicketReleased?.Invoke();
    }

    public IReadOnlyList<Connection> Connections
    {
        get
        {
            // A whole turn: work that is posted meanwhile relies on whoever holds the gate.
            EnterTurn();
            Connection[] all = [.. _writers.Keys];
            LeaveTurn();
            return all;
        }
    }

    /// <summary>Does something under the gate, as another door would.</summary>
    public void InTurn(Action<IEnumerable<Connection>> work)
    {
        EnterTurn();
        work([.. _writers.Keys]);
        LeaveTurn();
    }

    public bool Opened(Connection connection)
    {
        OpenedCount++;
        var writer = new RespWriter(connection.Output);
        _writers.Add(connection, writer);
        connection.Reader.IsAuthenticated = !AsksForPassword;
        if (_writers.Count <= ClientsMax) return true;
        writer.Error("ERR max number of clients reached"u8);
        return false;
    }

    /// <summary>How long a client's end takes.</summary>
    public TimeSpan ClosingTime { get; init; }

    public void Closed(Connection connection)
    {
        Thread.Sleep(ClosingTime);
        ClosedCount++;
        Assert.True(_writers.Remove(connection));
    }

    public bool Run(Connection connection, int commandsMax)
    {
        RespWriter writer = _writers[connection];
        for (int i = 0; i < commandsMax; i++)
        {
            switch (connection.Reader.TryRead(out Arguments arguments))
            {
                case ReadStatus.Incomplete:
                    return false;
                case ReadStatus.ProtocolError:
                    writer.Error("ERR Protocol error: " + connection.Reader.ProtocolError);
                    connection.CloseAfterReply = true;
                    return false;
            }
            if (!Execute(connection, writer, arguments)) return false;
        }
        return connection.Reader.PendingBytes > 0;
    }

    private bool Execute(Connection connection, RespWriter writer, Arguments arguments)
    {
        CommandCount++;
        switch (Encoding.ASCII.GetString(arguments[0]).ToUpperInvariant())
        {
            case "PING":
                writer.Simple("PONG"u8);
                return true;
            case "AUTH":
                connection.Reader.IsAuthenticated = true;
                writer.Ok();
                return true;
            case "NOTE":
                Notes.Add(connection);
                writer.Ok();
                return true;
            case "COUNT":
                writer.Integer(CommandCount);
                return true;
            case "ECHO":
                writer.Bulk(arguments[1]);
                return true;
            case "SET":
                _values[Encoding.Latin1.GetString(arguments[1])] = arguments[2].ToArray();
                writer.Ok();
                return true;
            case "GET":
                if (_values.TryGetValue(Encoding.Latin1.GetString(arguments[1]), out byte[]? value)) writer.Bulk(value);
                else writer.Null();
                return true;
            case "BIG":
                writer.Bulk(new byte[int.Parse(arguments[1], CultureInfo.InvariantCulture)]);
                return true;
            case "HOLD":
                connection.Output.HoldTicket = long.Parse(arguments[1], CultureInfo.InvariantCulture);
                writer.Ok();
                return true;
            case "PUBLISH":
                Publish(arguments[1]);
                writer.Ok();
                return true;
            case "BLOCK":
                connection.Pause();
                return false;
            case "LEND":
                // Takes until somebody says FREE, and lets the others run meanwhile.
                for (_isFree = false; !_isFree && _loop!.RunOnce();) Thread.Sleep(1);
                writer.Bulk(arguments[1]);
                return true;
            case "FREE":
                _isFree = true;
                writer.Ok();
                return true;
            case "ABORT":
                // Ends all others, and what one of them may have under way.
                foreach (Connection other in _writers.Keys.Where(other => other != connection)) other.Abort();
                _isFree = true;
                writer.Ok();
                return true;
            case "QUIT":
                writer.Ok();
                connection.CloseAfterReply = true;
                return false;
            default:
                writer.Error("ERR unknown command"u8);
                return true;
        }
    }

    /// <summary>To everyone, the caller too.</summary>
    public void Publish(ReadOnlySpan<byte> message)
    {
        foreach ((Connection connection, RespWriter writer) in _writers)
        {
            writer.Push(1);
            writer.Bulk(message);
            connection.RequestFlush();
        }
    }

    private void ServeMailbox()
    {
        while (_mailbox.TryDequeue(out ITurnWork? work)) work.RunInTurn();
    }

    /// <summary>Work that came after the mailbox was served and before the gate was free.</summary>
    private void ServeLate()
    {
        while (!_mailbox.IsEmpty && _gate.TryEnter())
        {
            ServeMailbox();
            _gate.Exit();
        }
    }
}
