using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using UCaptcha.Core.Notifications;
using UCaptcha.Core.Storage;
using UCaptcha.Core.Tasks;
using UCaptcha.Providers;
using UCaptcha.Server.Hosting;
using UCaptcha.Server.Services;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Proof.Tests;

/// <summary>The stream of all ends of a key as the host has it, without a host.</summary>
internal static class EngineFeed
{
    public static TaskFeed Of(ITaskStore store, KeyFeed ends, ProviderCatalogue providers, TimeProvider clock) => new(
        store,
        new FeedPages(store),
        ends,
        new TaskMessages(new ContractJson(new ProtoJsonCodec(new ProtoJsonOptions { OpenField = OptionsExtensions.OpenField }))),
        new SetupReader(TaskCatalogue.Default, providers, RandomNumberGenerator.Create()).Read(new ConfigurationBuilder().Build()),
        clock,
        new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
}
