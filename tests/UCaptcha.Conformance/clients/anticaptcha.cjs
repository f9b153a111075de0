// The npm client "anticaptcha" on axios: balance, tasks of its own making, and errors.
// usage: node anticaptcha.cjs SERVER KEY
const show = require('./show.cjs');

const [server, key] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
const { AntiCaptcha } = require('anticaptcha');

const page = ['https://www.example.com/', 'site-key'];
const solve = async (client, id) => client.getTaskResult(await id, 100, 50);

(async () => {
  const client = new AntiCaptcha(key);
  await show('balance', () => client.getBalance());
  await show('recaptchaV2', () => solve(client, client.createTaskRecaptchaV2Proxyless(...page)));
  await show('recaptchaV3', () => solve(client, client.createTaskRecaptchaV3Proxyless(...page, 0.3, 'verify')));
  await show('image', () => solve(client, client.createTask({ type: 'ImageToTextTask', body: Buffer.alloc(300, 7).toString('base64') })));
  await show('wrongKey', () => new AntiCaptcha('no-such-key').getBalance());
  await show('noTaskType', () => client.createTask({}));
  const bad = new AntiCaptcha(`${key}-bad`);
  await show('unsolvable', () => solve(bad, bad.createTaskRecaptchaV2Proxyless(...page)));
})();
