namespace Galley.Store.Engine;

/// <summary>Ends a turn now and then while stored data is loaded, so that freed blocks are used again and doors can answer LOADING.</summary>
internal sealed class ReplayTurns(GalleyEngine engine)
{
    /// <summary>Commands or keys between two ends of a turn.</summary>
    private const int StepsPerTurn = 64;

    private long _steps;

    /// <summary>A command or a key was loaded.</summary>
    /// <exception cref="OperationCanceledException">The server is to end.</exception>
    public void Next()
    {
        if (++_steps % StepsPerTurn == 0) engine.GiveWayInReplay();
        if (engine.Server.Settings.KeyLoadDelayUs is not 0 and var delayUs) Delay(delayUs);
    }

    /// <summary>So that a test sees a server that loads for long.</summary>
    private void Delay(int delayUs)
    {
        if (delayUs > 0) engine.RestFromReplay(TimeSpan.FromMicroseconds(delayUs));
        else if (_steps % -delayUs == 0) engine.RestFromReplay(TimeSpan.FromMicroseconds(1));
    }
}
