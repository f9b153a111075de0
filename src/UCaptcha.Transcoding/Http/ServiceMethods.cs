using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace UCaptcha.Transcoding.Http;

// What generated code says of a service: its descriptor, and its methods with their types.
internal static class ServiceMethods
{
    // Null when the type is not an implementation of a generated service.
    public static (ServiceDescriptor Descriptor, Action<ServiceBinderBase> Bind)? Of(Type implementation)
    {
        for (var type = implementation; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } attribute)
                continue;

            var generated = attribute.BindType;
            var descriptor = (ServiceDescriptor?)generated.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
            var bind = generated.GetMethod(attribute.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type]);
            return descriptor is null || bind is null ? null : (descriptor, binder => bind.Invoke(null, [binder, null]));
        }

        return null;
    }
}
