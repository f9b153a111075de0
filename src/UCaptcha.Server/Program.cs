using UCaptcha.Server.Hosting;

return await ServerHost.RunAsync(args, Console.Out, Console.Error);
