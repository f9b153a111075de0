// The npm client "rucaptcha-2captcha" on axios, which posts JSON, asks for many ids at once, and for prices.
// usage: node rucaptcha-2captcha.cjs SERVER KEY
const show = require('./show.cjs');

const [server, key] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
// Its pauses of 5 and 20 seconds are for people who solve.
const { setTimeout: wait } = global;
global.setTimeout = (act, milliseconds, ...rest) => wait(act, Math.min(milliseconds, 100), ...rest);
const { default: client } = require('rucaptcha-2captcha');

const recaptcha = { method: 'userrecaptcha', googlekey: 'site-key', pageurl: 'https://www.example.com/' };
const body = Buffer.alloc(300, 7).toString('base64');

(async () => {
  for (const service of ['ru', 2]) {
    const solver = client(key, service);
    await show('balance', () => solver.getBalance());
    await show('image', () => solver.solve({ method: 'base64', body }));
    const ids = [await solver.send(recaptcha), await solver.send(recaptcha)];
    await show('many', () => solver.get(ids));
    await show('price', () => solver.getWithPrice(ids[0]));
    await show('good', () => solver.reportGood(ids[0]));
    await show('bad', () => solver.reportBad(ids[1]));
    await solver.get('77').catch((error) => console.log(JSON.stringify({ name: 'unknown', error: error.name, text: error.message })));
    await client('unknown-key-0000', service).send(recaptcha).catch((error) => console.log(JSON.stringify({ name: 'wrongKey', error: error.name, text: error.message })));
  }
})();
