using System.Diagnostics;
using Galley.Resp.Transport;

namespace Galley.Store.Engine;

/// <content>Work that takes very long lets others in meanwhile: between its steps, or in the midst of one.</content>
internal sealed partial class Gate
{
    /// <summary>How long the gate stays open for a thread that waits at it and has to wake up first.</summary>
    private static readonly long WakeTicks = Stopwatch.Frequency / 500;

    private ITransportLoop? _loop;

    /// <summary>The holder's turn ends and another begins, and whoever waited has had one between them.</summary>
    public void GiveWay()
    {
        ITransportLoop? loop = _loop;
        Leave();
        LetIn();
        Enter(loop);
    }

    /// <summary>
    /// Lends the gate within a turn: the mailbox is served, the loop that stands still because its thread is the holder's
    /// goes round once, and a thread that waits gets in. All of these are turns within the holder's, and it is the holder
    /// who sees to it that they do nothing which it could not bear. False when the holder's loop is to end.
    /// </summary>
    public bool Lend()
    {
        ITransportLoop? loop = _loop;
        ServeMailbox();
        bool goesOn = loop?.RunOnce() ?? true;
        Open();
        LetIn();
        if (!TryTake()) EnterSlow();
        _loop = loop;
        return goesOn;
    }

    /// <summary>Without this the gate would be taken again before those who wait have woken.</summary>
    private void LetIn()
    {
        long until = Stopwatch.GetTimestamp() + WakeTicks;
        while (Volatile.Read(ref _arrived) > 0 && Volatile.Read(ref _state) == Free && Stopwatch.GetTimestamp() < until) Thread.Yield();
    }
}
