namespace UCaptcha.Core.Tasks;

/// <summary>How an account is chosen for one task.</summary>
public enum SelectionMode
{
    /// <summary>By the key's own speed weight.</summary>
    KeyDefault = 0,

    /// <summary>Speed weight 10.</summary>
    AutoCheapest = 1,

    /// <summary>Speed weight 90.</summary>
    AutoFastest = 2,

    /// <summary>Speed weight 50.</summary>
    AutoMostReliable = 3,

    /// <summary>The same as <see cref="AutoMostReliable"/>.</summary>
    Priority = 4,
}
