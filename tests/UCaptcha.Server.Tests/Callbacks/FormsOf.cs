using UCaptcha.Server.Callbacks.Forms;
using UCaptcha.Server.Dialects;
using UCaptcha.Server.Services;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Callbacks;

// The forms on the codec that the host has.
internal static class FormsOf
{
    public static CallbackForms TheHost()
    {
        var codec = new ProtoJsonCodec(new ProtoJsonOptions
        {
            OpenField = OptionsExtensions.OpenField,
            AcceptsNumbers = OptionsExtensions.AcceptsNumber,
            EnumText = OptionsExtensions.JsonValue,
        });
        return new CallbackForms(new ResultBody(new TaskMessages(new ContractJson(codec)), new DialectCatalogue(), codec));
    }
}
