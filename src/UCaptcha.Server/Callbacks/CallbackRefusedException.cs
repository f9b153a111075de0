namespace UCaptcha.Server.Callbacks;

/// <summary>A callback would go where none may go. Trying again does not help.</summary>
/// <param name="message">A sentence without the URL.</param>
internal sealed class CallbackRefusedException(string message) : Exception(message);
