// Runs in the page.
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

export async function run({ base, key, siteKey, schema }) {
  try {
    globalThis.outcome = await call(base, key, siteKey, schema);
  } catch (error) {
    globalThis.outcome = { error: String(error) };
  }
}

async function call(base, key, siteKey, schema) {
  const bytes = Uint8Array.from(atob(schema), (character) => character.charCodeAt(0));
  const service = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes)).getService('ucaptcha.v1.CaptchaService');
  const client = createClient(service, createGrpcWebTransport({ baseUrl: base }));
  const task = { type: 'RecaptchaV2TaskProxyless', websiteUrl: 'https://example.com', websiteKey: siteKey };

  const created = await client.createTask({ clientKey: key, task });
  const states = [];
  for await (const state of client.watchTask({ clientKey: key, taskId: created.taskId })) states.push(state.status);
  const result = await client.getTaskResult({ clientKey: key, taskId: created.taskId });
  const refusal = await client.getBalance({ clientKey: 'no-such-key' }).then(() => 'none', (error) => `${error.code} ${error.rawMessage}`);

  const response = await fetch(`${base}/getTaskResult`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ taskId: created.taskId }),
  });
  return {
    states,
    token: result.solution?.gRecaptchaResponse,
    refusal,
    json: await response.json(),
    limit: response.headers.get('x-ratelimit-limit'),
  };
}
