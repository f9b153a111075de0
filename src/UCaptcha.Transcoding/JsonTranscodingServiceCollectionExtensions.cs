using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using UCaptcha.Transcoding;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Http;
using UCaptcha.Transcoding.Rendering;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of JSON transcoding.</summary>
public static class JsonTranscodingServiceCollectionExtensions
{
    /// <summary>
    /// Serves every gRPC service that is mapped as HTTP/JSON too, by the google.api.http rules of its contract. Needs AddGrpc and a
    /// <see cref="TimeProvider"/>. A host that chooses among profiles registers an <see cref="IRenderingProfileSelector"/> of its own;
    /// <see cref="ProtoJsonCodec"/> may be injected anywhere. Calls run through the interceptors of gRPC; a request of which a value does not fit its
    /// field runs through them too and is refused behind them.
    /// </summary>
    public static IServiceCollection AddJsonTranscoding(this IServiceCollection services, Action<JsonTranscodingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<JsonTranscodingOptions>();
        if (configure is not null)
            services.Configure(configure);

        services.TryAddSingleton(provider => new ProtoJsonCodec(provider.GetRequiredService<IOptions<JsonTranscodingOptions>>().Value.Json));
        services.TryAddSingleton<IRenderingProfileSelector, DefaultProfileSelector>();
        services.TryAddSingleton<RouteTable>();
        services.TryAddSingleton<ErrorResponder>();
        services.TryAddSingleton<FallbackHandler>();
        services.TryAddSingleton<CallServices>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, OrdinalPathPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IServiceMethodProvider<>), typeof(TranscodingMethodProvider<>)));
        return services;
    }
}
