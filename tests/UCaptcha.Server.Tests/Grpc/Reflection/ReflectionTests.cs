using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Alpha = Grpc.Reflection.V1Alpha;

namespace UCaptcha.Server.Tests.Grpc.Reflection;

public sealed class ReflectionTests
{
    [Fact]
    public async Task ListServices_Asked_NamesAllMappedServices()
    {
        await using var server = await ReflectingServer.StartAsync();

        var answer = await AskAsync(server, new ServerReflectionRequest { Host = "here", ListServices = "*" });

        Assert.Equal(
            ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "ucaptcha.v1.CaptchaService"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal("here", answer.ValidHost);
        Assert.Equal("*", answer.OriginalRequest.ListServices);
    }

    [Theory]
    [InlineData("ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha/v1/options.proto")]
    [InlineData("google/api/annotations.proto")]
    [InlineData("google/api/http.proto")]
    [InlineData("google/protobuf/descriptor.proto")]
    [InlineData("google/protobuf/struct.proto")]
    public async Task FileByFilename_KnownPath_IsThatFileWithAllItsImports(string path)
    {
        await using var server = await ReflectingServer.StartAsync();

        var files = FilesOf(await AskAsync(server, new ServerReflectionRequest { FileByFilename = path }));

        Assert.Equal(path, files[0].Name);
        var names = files.Select(file => file.Name).ToList();
        Assert.Distinct(names);
        Assert.All(files.SelectMany(file => file.Dependency), import => Assert.Contains(import, names));
    }

    [Theory]
    [InlineData("ucaptcha.v1.CaptchaService", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.CaptchaService.GetBalance", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.TaskStatus", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.TASK_STATUS_READY", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.CreateTaskRequest", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.CreateTaskRequest.client_key", "ucaptcha/v1/captcha_service.proto")]
    [InlineData("ucaptcha.v1.CaptchaTask", "ucaptcha/v1/captcha_task.proto")]
    [InlineData("ucaptcha.v1.open_field", "ucaptcha/v1/options.proto")]
    [InlineData("google.api.http", "google/api/annotations.proto")]
    [InlineData("google.api.HttpRule.pattern", "google/api/http.proto")]
    [InlineData("google.protobuf.FieldDescriptorProto.Type", "google/protobuf/descriptor.proto")]
    [InlineData("google.protobuf.FieldDescriptorProto.TYPE_BOOL", "google/protobuf/descriptor.proto")]
    public async Task FileContainingSymbol_DeclaredName_IsItsFile(string symbol, string path)
    {
        await using var server = await ReflectingServer.StartAsync();

        Assert.Equal(path, FilesOf(await AskAsync(server, new ServerReflectionRequest { FileContainingSymbol = symbol }))[0].Name);
    }

    [Theory]
    [InlineData("google.protobuf.MethodOptions", 72295728, "google/api/annotations.proto")]
    [InlineData("google.protobuf.FieldOptions", 50801, "ucaptcha/v1/options.proto")]
    public async Task FileContainingExtension_Declared_IsItsFile(string type, int number, string path)
    {
        await using var server = await ReflectingServer.StartAsync();
        var wanted = new ExtensionRequest { ContainingType = type, ExtensionNumber = number };

        Assert.Equal(path, FilesOf(await AskAsync(server, new ServerReflectionRequest { FileContainingExtension = wanted }))[0].Name);
    }

    [Theory]
    [InlineData("google.protobuf.FieldOptions", new[] { 50801, 50802, 50804, 50805 })]
    [InlineData("ucaptcha.v1.CreateTaskRequest", new int[0])]
    public async Task AllExtensionNumbersOfType_KnownMessage_ListsThem(string type, int[] numbers)
    {
        await using var server = await ReflectingServer.StartAsync();

        var answer = await AskAsync(server, new ServerReflectionRequest { AllExtensionNumbersOfType = type });

        Assert.Equal(type, answer.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Equal(numbers, answer.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task AnyQuestion_NoAnswer_IsAnErrorResponseAndTheStreamGoesOn()
    {
        await using var server = await ReflectingServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        var unknownExtension = new ExtensionRequest { ContainingType = "google.protobuf.FieldOptions", ExtensionNumber = 1 };

        Assert.Equal(5, await ErrorOfAsync(call, new ServerReflectionRequest { FileByFilename = "no.proto" }));
        Assert.Equal(5, await ErrorOfAsync(call, new ServerReflectionRequest { FileContainingSymbol = "no.Symbol" }));
        Assert.Equal(5, await ErrorOfAsync(call, new ServerReflectionRequest { FileContainingExtension = unknownExtension }));
        Assert.Equal(5, await ErrorOfAsync(call, new ServerReflectionRequest { AllExtensionNumbersOfType = "ucaptcha.v1.TaskStatus" }));
        Assert.Equal(3, await ErrorOfAsync(call, new ServerReflectionRequest()));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Alpha_Asked_AnswersTheSameBytes()
    {
        await using var server = await ReflectingServer.StartAsync();
        using var call = new Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileContainingSymbol = "ucaptcha.v1.CaptchaService" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        var stable = await AskAsync(server, new ServerReflectionRequest { FileContainingSymbol = "ucaptcha.v1.CaptchaService" });
        Assert.Equal(stable.ToByteString(), call.ResponseStream.Current.ToByteString());
    }

    [Fact]
    public async Task Stream_HostStops_Ends()
    {
        await using var server = await ReflectingServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await ErrorOfAsync(call, new ServerReflectionRequest());

        server.App.Lifetime.StopApplication();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static async Task<ServerReflectionResponse> AskAsync(TestServer server, ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        return await AskAsync(call, request);
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current;
    }

    private static async Task<int> ErrorOfAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        var answer = await AskAsync(call, request);
        Assert.Equal(ServerReflectionResponse.MessageResponseOneofCase.ErrorResponse, answer.MessageResponseCase);
        Assert.NotEmpty(answer.ErrorResponse.ErrorMessage);
        return answer.ErrorResponse.ErrorCode;
    }

    private static List<FileDescriptorProto> FilesOf(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)];
}
