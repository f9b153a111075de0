using System.Reflection;
using UCaptcha.Core.Storage;

namespace UCaptcha.Proof.Tests;

/// <summary>Stands in front of a store and fails calls as its plan says. Knows every method of the interface by reflection, so that none is left out.</summary>
public class FaultProxy<T> : DispatchProxy
    where T : class
{
    private T _store = null!;
    private FaultPlan _plan = null!;

    /// <summary>The same for an interface that is known at run time only.</summary>
    internal static object Around(Type contract, object store, FaultPlan plan) => typeof(FaultProxy<>).MakeGenericType(contract)
        .GetMethod(nameof(Around), BindingFlags.NonPublic | BindingFlags.Static, [contract, typeof(FaultPlan)])!.Invoke(null, [store, plan])!;

    internal static T Around(T store, FaultPlan plan)
    {
        var proxy = Create<T, FaultProxy<T>>();
        ((FaultProxy<T>)(object)proxy)._store = store;
        ((FaultProxy<T>)(object)proxy)._plan = plan;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        var fault = _plan.Next($"{typeof(T).Name}.{method!.Name}");
        var type = method.ReturnType;
        if (type == typeof(ValueTask))
            return new ValueTask(RunAsync<object?>(fault, async () =>
            {
                await (ValueTask)method.Invoke(_store, arguments)!;
                return null;
            }));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return typeof(FaultProxy<T>).GetMethod(nameof(WithResult), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [fault, method, arguments]);
        if (fault is not Fault.None)
            throw new StoreUnavailableException("An injected fault.");
        return method.Invoke(_store, arguments);
    }

    private ValueTask<TResult> WithResult<TResult>(Fault fault, MethodInfo method, object?[]? arguments) =>
        new(RunAsync(fault, async () => await (ValueTask<TResult>)method.Invoke(_store, arguments)!));

    private static async Task<TResult> RunAsync<TResult>(Fault fault, Func<Task<TResult>> call)
    {
        if (fault == Fault.Before)
            throw new StoreUnavailableException("An injected fault: nothing was written.");
        var result = await call();
        return fault == Fault.After ? throw new StoreUnavailableException("An injected fault: the answer got lost.") { MayHaveWritten = true } : result;
    }
}
