namespace UCaptcha.Core.Tasks;

/// <summary>A kind of captcha: one row of the catalogue. Prices, statistics and metric labels go by its name.</summary>
public sealed record CaptchaFamily
{
    /// <summary>PascalCase, such as <c>RecaptchaV2Enterprise</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a task of this family may, must or cannot bring a proxy.</summary>
    public ProxyUse Proxy { get; init; } = ProxyUse.Optional;

    /// <summary>What a task of this family is made of, beside type and proxy.</summary>
    public required IReadOnlyList<TaskField> Fields { get; init; }

    /// <summary>The usual time to a solution: the prior of an account without a record.</summary>
    public required TimeSpan TypicalSolveTime { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Whether a task brings a proxy of the client's.</summary>
public enum ProxyUse
{
    /// <summary>With or without.</summary>
    Optional,

    /// <summary>Only with one.</summary>
    Required,

    /// <summary>Never; one that is sent is ignored.</summary>
    Never,
}

/// <summary>A field of a family under its canonical name.</summary>
/// <param name="Name">The canonical JSON name inside the gateway, such as <c>pageAction</c>.</param>
/// <param name="Kind">Its JSON type.</param>
public sealed record TaskField(string Name, TaskFieldKind Kind)
{
    /// <summary>Other names that clients use, a dot reaching into an object: <c>action</c>, <c>metadata.action</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>A task without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The code of such a refusal.</summary>
    public string ErrorCode { get; init; } = ErrorCodes.BadParameters;

    /// <summary>The least value of a number.</summary>
    public double Least { get; init; } = double.MinValue;

    /// <summary>The greatest value of a number.</summary>
    public double Most { get; init; } = double.MaxValue;
}

/// <summary>The JSON type that a field takes.</summary>
public enum TaskFieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A full http or https URL.</summary>
    Url,

    /// <summary>An integer, or its digits in a string.</summary>
    Integer,

    /// <summary>A number, or its digits in a string.</summary>
    Number,

    /// <summary>true or false, 1 or 0, or one of these in a string.</summary>
    Flag,

    /// <summary>An image as base64.</summary>
    Image,

    /// <summary>Any JSON value; services disagree on its type.</summary>
    Any,
}
