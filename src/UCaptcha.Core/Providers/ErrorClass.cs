namespace UCaptcha.Core.Providers;

/// <summary>What an upstream error says about whom, and so what happens next.</summary>
public enum ErrorClass
{
    /// <summary>The operator's account: wrong key, no funds, banned. Opens the breaker at once; the task goes elsewhere.</summary>
    Account,

    /// <summary>No free slot or too many requests: the account cools down for seconds; the task goes elsewhere.</summary>
    Busy,

    /// <summary>The account could not be reached or answered with nonsense; counts towards the breaker; the task goes elsewhere.</summary>
    Transport,

    /// <summary>Not solved this time: worth another account. Counts in the statistics.</summary>
    Retryable,

    /// <summary>This provider does not do such tasks: another may. Nobody is penalised.</summary>
    Unsupported,

    /// <summary>The request itself is wrong: every provider would say so. The task fails, nobody is penalised.</summary>
    User,

    /// <summary>The client's proxy does not work: at most one more try, then the task fails. Nobody is penalised.</summary>
    Proxy,

    /// <summary>The provider no longer knows the upstream id, so the result is lost: another account may still do it.</summary>
    Lost,
}
