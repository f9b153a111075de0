// CapSolver's npm client, which comes as TypeScript: each method that takes a task of a kind this server knows, balance and errors.
// usage: node capsolver-npm.cjs SERVER KEY solve|methods|errors
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { buildSync } = require('esbuild');
const show = require('./show.cjs');

const [server, key, what] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
const folder = mkdtempSync(join(tmpdir(), 'capsolver-npm-'));
const outfile = join(folder, 'client.cjs');
buildSync({ entryPoints: [join(__dirname, 'node_modules/capsolver-npm/src/index.ts')], outfile, bundle: true, platform: 'node' });
const { Solver } = require(outfile);
rmSync(folder, { recursive: true });

const websiteURL = 'https://www.example.com/';
const page = { websiteURL, websiteKey: 'site-key' };
const proxy = { proxy: 'socks5:198.51.100.7:1080:user:password' };
const image = Buffer.alloc(300, 7).toString('base64');
const solve = {
  image2text: { body: image, module: 'common' },
  recaptchav2: { ...page, ...proxy },
  recaptchav2proxyless: page,
  recaptchav2enterprise: { ...page, ...proxy, enterprisePayload: { s: 'SOME_TOKEN' } },
  recaptchav2enterpriseproxyless: page,
  recaptchav3: { ...page, ...proxy, pageAction: 'login' },
  recaptchav3proxyless: { ...page, pageAction: 'login' },
  recaptchav3enterprise: { ...page, ...proxy, pageAction: 'login' },
  recaptchav3enterpriseproxyless: { ...page, pageAction: 'login' },
  datadome: { websiteURL, captchaUrl: 'https://geo.captcha-delivery.com/captcha/?x=1', userAgent: 'ua', ...proxy },
  geetest: { websiteURL, gt: 'gt', challenge: 'challenge', ...proxy },
  geetestproxyless: { websiteURL, captchaId: 'captcha-id' },
  cloudflare: { websiteURL, ...proxy },
  turnstileproxyless: { ...page, metadata: { action: 'login', cdata: 'c' } },
  awswaf: { websiteURL, awsKey: 'k', awsIv: 'iv', awsContext: 'c', awsChallengeJS: 'https://a.test/challenge.js', ...proxy },
  awswafproxyless: { websiteURL, awsChallengeJS: 'https://a.test/challenge.js' },
  mtcaptcha: { ...page, ...proxy },
  friendlycaptchaproxyless: page,
};
const client = (of = key) => new Solver({ apiKey: of, pollDelay: 50 });

const cases = {
  // The image is answered at once, and this client asks for no more.
  solve: () => Promise.all(Object.entries(solve).map(([name, task]) => show(name, () => client(name === 'image2text' ? `${key}-atonce` : key)[name](task)))),
  methods: () => console.log(JSON.stringify(Object.getOwnPropertyNames(Solver.prototype))),
  errors: async () => {
    await show('balance', () => client().balance());
    await show('wrongKey', () => client('no-such-key').recaptchav2proxyless(page));
    await show('zeroBalance', () => client(`${key}-poor`).recaptchav2proxyless(page));
    await show('unsolvable', () => client(`${key}-bad`).recaptchav2proxyless(page));
    await show('unknownType', () => client().visionengine({ image, module: 'slider_1' }));
    await show('noSiteKey', () => client().recaptchav2proxyless({ websiteURL }));
  },
};
cases[what]();
