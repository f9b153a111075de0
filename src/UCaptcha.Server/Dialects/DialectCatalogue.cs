using UCaptcha.Transcoding.Rendering;

namespace UCaptcha.Server.Dialects;

/// <summary>The dialects by their names.</summary>
internal sealed class DialectCatalogue
{
    private readonly Dictionary<string, RenderingProfile> _profiles = new RenderingProfile[]
    {
        NativeProfile.Instance,
        new DialectProfile(CapMonsterDialect.Row),
        new DialectProfile(AntiCaptchaDialect.Row),
        new DialectProfile(TwoCaptchaDialect.Row),
        new DialectProfile(CapSolverDialect.Row),
    }.ToDictionary(profile => profile.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The profile of a dialect; the native one for a name that nobody knows.</summary>
    public RenderingProfile Find(string name) => _profiles.GetValueOrDefault(name, NativeProfile.Instance);
}
