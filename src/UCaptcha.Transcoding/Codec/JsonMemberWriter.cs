using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace UCaptcha.Transcoding.Codec;

/// <summary>Writes a member of a message in place of the codec, or leaves it out.</summary>
/// <param name="message">The message.</param>
/// <param name="field">A field of it, set or not.</param>
/// <param name="writer">Inside the object of the message.</param>
/// <returns>True when the member is dealt with; false to have it written as usual.</returns>
public delegate bool JsonMemberWriter(IMessage message, FieldDescriptor field, Utf8JsonWriter writer);
