using System.Reflection;
using UCaptcha.Core.Storage;

namespace UCaptcha.Proof.Tests;

/// <summary>Stands in front of a store and fails calls as its plan says. Knows every method of the interface by reflection, so that none is left out.</summary>
public class FaultProxy<T> : DispatchProxy
    where T : class
{
    private T _store = null!;
    private IFaults _plan = null!;

    /// <summary>The same for an interface that is known at run time only.</summary>
    internal static object Around(Type contract, object store, IFaults plan) => typeof(FaultProxy<>).MakeGenericType(contract)
        .GetMethod(nameof(Around), BindingFlags.NonPublic | BindingFlags.Static, [contract, typeof(IFaults)])!.Invoke(null, [store, plan])!;

    internal static T Around(T store, IFaults plan)
    {
        var proxy = Create<T, FaultProxy<T>>();
        ((FaultProxy<T>)(object)proxy)._store = store;
        ((FaultProxy<T>)(object)proxy)._plan = plan;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        // A property tells what the store knows by itself.
        if (method!.IsSpecialName)
            return method.Invoke(_store, arguments);
        var call = $"{typeof(T).Name}.{method.Name}";
        var fault = _plan.Next(call);
        var type = method.ReturnType;
        if (type == typeof(ValueTask))
            return new ValueTask(RunAsync<object?>(fault, call, async () =>
            {
                await (ValueTask)method.Invoke(_store, arguments)!;
                return null;
            }));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return typeof(FaultProxy<T>).GetMethod(nameof(WithResult), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [fault, call, method, arguments]);
        if (fault is not Fault.None)
            throw new StoreUnavailableException("An injected fault.");
        return method.Invoke(_store, arguments);
    }

    private ValueTask<TResult> WithResult<TResult>(Fault fault, string call, MethodInfo method, object?[]? arguments) =>
        new(RunAsync(fault, call, async () => await (ValueTask<TResult>)method.Invoke(_store, arguments)!));

    private async Task<TResult> RunAsync<TResult>(Fault fault, string name, Func<Task<TResult>> call)
    {
        await _plan.HoldAsync(name);
        if (fault == Fault.Unforeseen)
            throw new InvalidOperationException("An injected fault that nobody foresaw.");
        if (fault == Fault.Before)
            throw new StoreUnavailableException("An injected fault: nothing was written.");
        var result = await call();
        await _plan.HoldAnswerAsync(name);
        return fault == Fault.After ? throw new StoreUnavailableException("An injected fault: the answer got lost.") { MayHaveWritten = true } : result;
    }
}
