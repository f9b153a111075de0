// @grpc/grpc-js: creates a task, watches it to its end, and prints each message as a JSON line; then watches another
// one and goes away in the middle.
// usage: node watch-grpcjs.cjs HOST:PORT KEY PROTOS_FOLDER SITE_KEY
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, clientKey, protos, websiteKey] = process.argv.slice(2);
const definition = loader.loadSync('ucaptcha/v1/captcha_service.proto', {
  includeDirs: [protos], longs: Number, enums: String, oneofs: true,
});
const { CaptchaService } = grpc.loadPackageDefinition(definition).ucaptcha.v1;
const client = new CaptchaService(address, grpc.credentials.createInsecure());
const task = { type: 'RecaptchaV2TaskProxyless', websiteUrl: 'https://www.google.com/recaptcha/api2/demo', websiteKey };
const create = () => new Promise((resolve, reject) =>
  client.CreateTask({ clientKey, task }, (error, answer) => (error ? reject(error) : resolve(answer))));

async function main() {
  const created = await create();
  const call = client.WatchTask({ clientKey, taskId: created.taskId });
  for await (const message of call) {
    console.log(JSON.stringify({ status: message.status, attempt: message.attempt, token: message.solution?.gRecaptchaResponse ?? null }));
  }

  const leaving = client.WatchTask({ clientKey, taskId: (await create()).taskId });
  await new Promise((resolve, reject) => {
    leaving.once('data', () => leaving.cancel());
    leaving.once('error', (error) => (error.code === grpc.status.CANCELLED ? resolve() : reject(error)));
  });

  await new Promise((resolve) => client.GetTaskResult({ clientKey: 'no-such-key', taskId: created.taskId }, (error) => {
    console.log(JSON.stringify({ code: grpc.status[error.code], details: error.details }));
    resolve();
  }));
  client.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
