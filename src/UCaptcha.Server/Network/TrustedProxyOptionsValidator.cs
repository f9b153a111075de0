using Microsoft.Extensions.Options;

namespace UCaptcha.Server.Network;

/// <summary>Names every entry that is neither a network nor an address.</summary>
internal sealed class TrustedProxyOptionsValidator : IValidateOptions<TrustedProxyOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        var bad = options.TrustedProxies.Where(entry => !TrustedProxyOptions.TryParse(entry, out _)).ToList();
        return bad.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"UCaptcha:Http:TrustedProxies holds what is neither a network such as 10.0.0.0/8 nor an address: {string.Join(", ", bad)}.");
    }
}
