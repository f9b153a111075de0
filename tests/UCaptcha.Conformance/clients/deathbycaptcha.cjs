// The npm client "deathbycaptcha": a picture, found again at the address that the upload names, a report, and errors.
// usage: node deathbycaptcha.cjs SERVER KEY
const { promisify } = require('node:util');
const show = require('./show.cjs');
const DeathByCaptcha = require('deathbycaptcha');

const [server, key] = process.argv.slice(2);
const client = (password) => new DeathByCaptcha('anyone', password, `${server}/api`);
const solve = (of, image) => new Promise((resolve, reject) => of.solve(image, (error, id, text) => (error ? reject(error) : resolve({ id, text }))));

(async () => {
  let solved;
  await show('balance', () => new Promise((resolve, reject) => client(key).balance((error, credits, balance) => (error ? reject(error) : resolve(balance)))));
  await show('image', async () => (solved = await solve(client(key), Buffer.alloc(300, 7))));
  await show('again', () => promisify(client(key).get.bind(client(key)))(solved.id));
  await show('report', () => promisify(client(key).report.bind(client(key)))(solved.id).then(() => 'taken'));
  await show('wrongKey', () => solve(client('unknown-key-0000'), Buffer.alloc(300, 7)));
  await show('smallImage', () => solve(client(key), Buffer.alloc(3, 7)));
})();
