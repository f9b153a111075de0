using System.Reflection;
using Microsoft.Extensions.Logging;
using UCaptcha.Architecture.Tests.Arrows;

namespace UCaptcha.Architecture.Tests.Logging;

public sealed class EventIdTests
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Operators filter and count by it: whatever is said under an id is said in one place.
    [Fact]
    public async Task Messages_OfSrc_HaveAnEventIdOfTheirOwn()
    {
        var messages = (await SourceProject.AllAsync()).Where(project => !project.IsCompat).SelectMany(project => MessagesOf(project.AssemblyName)).ToList();

        Assert.Contains(messages, message => message.Place.StartsWith("UCaptcha.Server.", StringComparison.Ordinal));
        Findings.AssertNone(messages.Where(message => message.EventId <= 0).Select(message => $"{message.Place} has no event id."));
        Findings.AssertNone(messages
            .GroupBy(message => message.EventId)
            .Where(group => group.Count() > 1)
            .Select(group => $"Event id {group.Key}: {string.Join(", ", group.Select(message => message.Place))}"));
    }

    private static IEnumerable<(int EventId, string Place)> MessagesOf(string assembly) =>
        from type in Assembly.Load(assembly).GetTypes()
        from method in type.GetMethods(All)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select (message.EventId, $"{type.FullName}.{method.Name}");
}
