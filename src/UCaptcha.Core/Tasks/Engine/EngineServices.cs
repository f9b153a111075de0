using UCaptcha.Core.Keys;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;

namespace UCaptcha.Core.Tasks.Engine;

/// <summary>What an engine works with.</summary>
/// <param name="Store">Where tasks are kept.</param>
/// <param name="Catalogue">Which tasks there are.</param>
/// <param name="Router">Chooses accounts.</param>
/// <param name="Pool">The accounts.</param>
/// <param name="Statistics">What is known of them.</param>
/// <param name="DeniedDomains">Target domains that no key may use.</param>
/// <param name="Listeners">Who hears of the end of tasks.</param>
public sealed record EngineServices(
    ITaskStore Store,
    TaskCatalogue Catalogue,
    Router Router,
    AccountPool Pool,
    StatisticsBook Statistics,
    DomainRules DeniedDomains,
    IReadOnlyList<IEndedTaskListener> Listeners);
