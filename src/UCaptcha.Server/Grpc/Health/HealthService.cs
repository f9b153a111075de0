using Grpc.Core;
using Grpc.Health.V1;
using UCaptcha.Server.Grpc.Reflection;
using UCaptcha.Server.Stores;
using HealthBase = Grpc.Health.V1.Health.HealthBase;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace UCaptcha.Server.Grpc.Health;

/// <summary>grpc.health.v1.Health over the mapped services and the <see cref="ServingState"/>.</summary>
internal sealed class HealthService(ServingState state, MappedServices services, IHostApplicationLifetime lifetime, StoreWatch? store = null) : HealthBase
{
    /// <inheritdoc/>
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!Known(request.Service))
            throw new RpcException(new Status(StatusCode.NotFound, "This server has no such service."));
        var works = store is null || !StoreWatch.Serves(request.Service) || await store.LookAsync(context.CancellationToken);
        return Answer(works && state.IsServing(request.Service));
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var answer = new HealthListResponse { Statuses = { [""] = Answer(state.IsServing("")) } };
        foreach (var name in services.Names.Union(store is null ? [] : StoreWatch.Services))
            answer.Statuses[name] = Answer(state.IsServing(name));
        return Task.FromResult(answer);
    }

    /// <summary>Ends with the call; when the host stops, with UNAVAILABLE behind a last NOT_SERVING, so that no watcher holds up the stop.</summary>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        ServingStatus? sent = null;
        try
        {
            while (true)
            {
                var (serving, changed) = state.Look(request.Service);
                var answer = Known(request.Service) ? Answer(serving) : new HealthCheckResponse { Status = ServingStatus.ServiceUnknown };
                if (answer.Status != sent)
                    await responseStream.WriteAsync(answer, context.CancellationToken);
                sent = answer.Status;
                await changed.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The caller is gone: nobody reads what would be said.
        }
        catch (OperationCanceledException)
        {
            if (sent == ServingStatus.Serving)
                await responseStream.WriteAsync(Answer(serving: false), context.CancellationToken);
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
        }
    }

    private static HealthCheckResponse Answer(bool serving) => new() { Status = serving ? ServingStatus.Serving : ServingStatus.NotServing };

    // What the store stands behind is told of here also when another port serves it.
    private bool Known(string service) => service.Length == 0 || services.Contains(service) || (store is not null && StoreWatch.Serves(service));
}
