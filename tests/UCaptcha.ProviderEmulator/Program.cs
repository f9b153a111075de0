using UCaptcha.ProviderEmulator;

// dotnet run --project tests/UCaptcha.ProviderEmulator -- --port 0 --instance cheap:capmonster,price=1.0,latency=500ms --record FILE
await using var emulator = await Emulator.StartAsync(EmulatorOptions.Parse(args));
Console.WriteLine($"listening on {emulator.Address}");
await emulator.WaitForShutdownAsync();
