namespace UCaptcha.Load;

/// <summary>What is hot is compiled anew in a service's first seconds, on other threads of the same processors.</summary>
internal static class WarmUp
{
    /// <summary>How long every service is called before it is measured. With a quarter of it a slow machine still compiles while it is measured, and halves createTask's rate.</summary>
    public const int Seconds = 20;
}
