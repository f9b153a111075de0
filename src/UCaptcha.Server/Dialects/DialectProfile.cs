using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using UCaptcha.Core;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.V1;
using TaskStatus = UCaptcha.V1.TaskStatus;

namespace UCaptcha.Server.Dialects;

/// <summary>Renders the contract as a vendor would, from the vendor's row.</summary>
internal sealed class DialectProfile(Dialect dialect) : RenderingProfile(dialect.Name)
{
    /// <summary>The row.</summary>
    public Dialect Dialect => dialect;

    public override int GetStatusCode(MethodDescriptor method, IMessage message) =>
        message is ITaskOutcome { Status: TaskStatus.Failed } and not CreateTaskResponse ? dialect.ErrorStatus : StatusCodes.Status200OK;

    public override void WriteResponse(MethodDescriptor method, IMessage message, ProtoJsonCodec codec, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (message)
        {
            case CreateTaskResponse created:
                WriteTask(created, created.TaskId, created.Status == TaskStatus.Ready && dialect.CreatedReady is { } ready ? ready : dialect.Created, codec, writer);
                break;
            case GetTaskResultResponse { Status: TaskStatus.Failed } or SolveTaskResponse { Status: TaskStatus.Failed }:
                WriteFailure((ITaskOutcome)message, writer);
                break;
            case GetTaskResultResponse result:
                WriteTask(result, result.TaskId, result.Status == TaskStatus.Ready ? dialect.Ready : dialect.Processing, codec, writer);
                break;
            case SolveTaskResponse solved:
                // Who waits for the solution may have to ask for it in the end, and then needs the id.
                WriteTask(
                    solved, solved.TaskId, [TaskMember.ErrorId, TaskMember.TaskId, .. Rest(solved.Status == TaskStatus.Ready ? dialect.Ready : dialect.Processing)], codec, writer);
                break;
            case GetBalanceResponse:
                codec.WriteMembers(message, writer);
                if (dialect.BesideBalance is var (name, json))
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(json);
                }

                break;
            default:
                codec.WriteMembers(message, writer, WriteId);
                break;
        }

        writer.WriteEndObject();
    }

    public override int GetErrorStatusCode(TranscodingError error) => NativeErrors.CodeOf(error) switch
    {
        ErrorCodes.KeyDoesNotExist => dialect.KeyErrorStatus,
        ErrorCodes.ServiceNotAvailable when error.Method?.Name == nameof(CaptchaService.CaptchaServiceBase.GetTaskResult) => dialect.TryAgainStatus,
        _ => dialect.ErrorStatus,
    };

    public override void WriteError(TranscodingError error, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteError(Translate(error), error.Detail, writer);
        if (dialect.ZeroIdOnRefusal && error.Method?.Name == nameof(CaptchaService.CaptchaServiceBase.CreateTask))
            writer.WriteNumber("taskId", 0);
        writer.WriteEndObject();
    }

    private static IEnumerable<TaskMember> Rest(IReadOnlyList<TaskMember> members) => members.Where(member => member is not (TaskMember.ErrorId or TaskMember.TaskId));

    private static void WriteError(DialectError error, string description, Utf8JsonWriter writer)
    {
        writer.WriteNumber("errorId", error.Id);
        writer.WriteString("errorCode", error.Code);
        writer.WriteString("errorDescription", description);
    }

    private void WriteFailure(ITaskOutcome outcome, Utf8JsonWriter writer)
    {
        WriteError(dialect.FailureOf(outcome.ErrorCode), outcome.ErrorDescription, writer);
        if (dialect.FailedStatus is { } status)
            writer.WriteString("status", status);
    }

    /// <summary>What is wrong with an id or with the whole of a request has a code of its own at most vendors.</summary>
    private DialectError Translate(TranscodingError error)
    {
        // Nothing but an image makes a body that large.
        if (error.Cause == TranscodingErrorCause.BodyTooLarge)
            return dialect.ErrorOf(ErrorCodes.TooBigCaptchaFilesize);
        var code = NativeErrors.CodeOf(error);
        return (code, NativeErrors.FieldOf(error)) switch
        {
            (ErrorCodes.BadParameters, "" or "task") => dialect.TaskAbsent,
            (ErrorCodes.BadParameters, "taskId") => dialect.ErrorOf(ErrorCodes.WrongCaptchaId),
            _ => dialect.ErrorOf(code),
        };
    }

    private void WriteTask(ITaskOutcome outcome, string id, IReadOnlyList<TaskMember> members, ProtoJsonCodec codec, Utf8JsonWriter writer)
    {
        foreach (var member in members)
            WriteMember(member, outcome, id, codec, writer);
    }

    private void WriteMember(TaskMember member, ITaskOutcome outcome, string id, ProtoJsonCodec codec, Utf8JsonWriter writer)
    {
        var facts = outcome.Facts;
        switch (member)
        {
            case TaskMember.ErrorId:
                writer.WriteNumber("errorId", 0);
                break;
            case TaskMember.NullError:
                writer.WriteNull("errorCode");
                writer.WriteNull("errorDescription");
                break;
            case TaskMember.EmptyError:
                writer.WriteString("errorCode", "");
                writer.WriteString("errorDescription", "");
                break;
            case TaskMember.TaskId when dialect.NumericIds:
                writer.WriteNumber("taskId", facts.ShortId);
                break;
            case TaskMember.TaskId:
                writer.WriteString("taskId", id);
                break;
            case TaskMember.Status:
                writer.WriteString("status", outcome.Status == TaskStatus.Ready ? "ready" : "processing");
                break;
            case TaskMember.Solution:
                WriteSolution(outcome.Solution, codec, writer);
                break;
            case TaskMember.Cost:
                WriteCost((decimal)outcome.Cost, writer);
                break;
            case TaskMember.Ip when facts.CallerAddress.Length > 0:
                writer.WriteString("ip", facts.CallerAddress);
                break;
            case TaskMember.Times:
                writer.WriteNumber("createTime", facts.CreateTime);
                writer.WriteNumber("endTime", facts.EndTime);
                break;
            case TaskMember.SolveCount when dialect.CountAsText:
                writer.WriteString("solveCount", facts.SolveCount.ToString(CultureInfo.InvariantCulture));
                break;
            case TaskMember.SolveCount:
                writer.WriteNumber("solveCount", facts.SolveCount);
                break;
        }
    }

    private void WriteSolution(Solution? solution, ProtoJsonCodec codec, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("solution");
        // A repeated request has none once the result is purged.
        if (solution is not null)
        {
            var twice = !dialect.TokenTwice && solution.HasToken && solution.GRecaptchaResponse == solution.Token;
            codec.WriteMembers(solution, writer, twice ? static (_, field, _) => field.FieldNumber == Solution.TokenFieldNumber : null);
        }

        writer.WriteEndObject();
    }

    private void WriteCost(decimal cost, Utf8JsonWriter writer)
    {
        if (dialect.CostDecimals is { } decimals)
            writer.WriteString("cost", cost.ToString($"F{decimals}", CultureInfo.InvariantCulture));
        else
            writer.WriteNumber("cost", cost);
    }

    private bool WriteId(IMessage message, FieldDescriptor field, Utf8JsonWriter writer)
    {
        if (!dialect.NumericIds || field.JsonName != "taskId" || message is not ITaskOutcome { Facts.ShortId: > 0 } outcome)
            return false;
        writer.WriteNumber("taskId", outcome.Facts.ShortId);
        return true;
    }
}
