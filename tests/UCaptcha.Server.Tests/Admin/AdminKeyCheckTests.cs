using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Http;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Server.Admin;
using UCaptcha.Storage.Sqlite;
using UCaptcha.TestKit;

namespace UCaptcha.Server.Tests.Admin;

public sealed class AdminKeyCheckTests
{
    [Fact]
    public async Task Check_WrongKeysFromMoreAddressesThanAreCounted_NewcomersAreLockedOutTogetherUntilTheMinuteIsOver()
    {
        var clock = new ManualTimeProvider();
        using var folder = new TemporaryFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteStorageOptions { DataDirectory = folder.Path, FlushEveryCommit = false }, clock);
        var check = new AdminKeyCheck(store, clock, new LogCollector<AdminKeyCheck>());
        check.Use(ApiKeyText.Hash("the admin key"));
        for (uint address = 0; address < 10_000; address++)
            Assert.Equal(ErrorCodes.KeyDoesNotExist, Refusal(address, "a guess"));

        for (uint newcomer = 10_000; newcomer < 10_010; newcomer++)
            Assert.Equal(ErrorCodes.KeyDoesNotExist, Refusal(newcomer, "a guess"));
        Assert.Equal(ErrorCodes.RateLimit, Refusal(10_010, "the admin key"));
        Assert.Null(Refusal(7, "the admin key"));

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Refusal(10_010, "the admin key"));

        string? Refusal(uint address, string key)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x0A000000 + address);
            var context = new DefaultHttpContext { Connection = { RemoteIpAddress = new IPAddress(bytes) } };
            context.Request.Headers[AdminKeyCheck.HeaderName] = key;
            return (Record.Exception(() => check.Check(context)) as RefusedException)?.Code;
        }
    }
}
