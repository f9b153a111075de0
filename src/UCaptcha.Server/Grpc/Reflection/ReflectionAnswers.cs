using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Question = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace UCaptcha.Server.Grpc.Reflection;

/// <summary>Answers reflection questions about the mapped services. A question without an answer is an error_response, never a failed call.</summary>
internal sealed class ReflectionAnswers(MappedServices services)
{
    private readonly Lazy<SchemaIndex> _index = new(() => new SchemaIndex(services.Files));

    /// <summary>The answer to one question.</summary>
    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Question.ListServices:
                response.ListServicesResponse = new ListServiceResponse();
                response.ListServicesResponse.Service.AddRange(services.Names.Select(name => new ServiceResponse { Name = name }));
                break;
            case Question.FileByFilename:
                Files(response, _index.Value.ByPath(request.FileByFilename), "file");
                break;
            case Question.FileContainingSymbol:
                Files(response, _index.Value.BySymbol(request.FileContainingSymbol), "symbol");
                break;
            case Question.FileContainingExtension:
                var wanted = request.FileContainingExtension;
                Files(response, _index.Value.ByExtension(wanted.ContainingType, wanted.ExtensionNumber), "extension");
                break;
            case Question.AllExtensionNumbersOfType:
                Numbers(response, request.AllExtensionNumbersOfType);
                break;
            default:
                Refuse(response, StatusCode.InvalidArgument, "The request asks for nothing that is known here.");
                break;
        }

        return response;
    }

    private static void Files(ServerReflectionResponse response, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            Refuse(response, StatusCode.NotFound, $"The schema of this server has no such {what}.");
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse();
        response.FileDescriptorResponse.FileDescriptorProto.AddRange(SchemaIndex.WithImports(file));
    }

    private static void Refuse(ServerReflectionResponse response, StatusCode code, string message) =>
        response.ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message };

    private void Numbers(ServerReflectionResponse response, string type)
    {
        if (_index.Value.ExtensionNumbers(type) is not { } numbers)
        {
            Refuse(response, StatusCode.NotFound, "The schema of this server has no such message type.");
            return;
        }

        response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = type };
        response.AllExtensionNumbersResponse.ExtensionNumber.AddRange(numbers);
    }
}
