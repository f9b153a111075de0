// Infosimples' npm client of 2Captcha, which posts urlencoded forms and reads plain text.
// usage: node node-two-captcha.cjs SERVER KEY
const show = require('./show.cjs');

const [server, key] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
const Client = require('@infosimples/node_two_captcha');

const pageurl = 'https://www.example.com/';

(async () => {
  const client = new Client(key, { polling: 100, throwErrors: true });
  // It waits at least ten milliseconds, which it takes for seconds.
  let solved;
  await show('balance', () => client.balance());
  await show('image', () => client.decode({ buffer: Buffer.alloc(300, 7) }));
  await show('recaptchaV2', async () => (solved = await client.decodeRecaptchaV2({ googlekey: 'site-key', pageurl, invisible: true })));
  await show('recaptchaV3', () => client.decodeRecaptchaV3({ googlekey: 'site-key', pageurl, action: 'verify' }));
  await show('hcaptcha', () => client.decodeHCaptcha({ sitekey: 'site-key', pageurl }));
  await show('bad', () => client.report(solved.id));
  await show('good', () => client.report(solved.id, false));
  await show('wrongKey', () => new Client('unknown-key-0000', { throwErrors: true }).balance());
  await show('unsolvable', () => new Client(`${key}-bad`, { polling: 100, throwErrors: true }).decode({ buffer: Buffer.alloc(300, 7) }));
})();
