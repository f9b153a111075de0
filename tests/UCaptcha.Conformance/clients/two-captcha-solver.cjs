// 2Captcha's official npm client: each method that takes a captcha of a kind this server knows, balance, reports, errors and a pingback.
// usage: node two-captcha-solver.cjs SERVER KEY solve|others|account [PINGBACK_URL]
const show = require('./show.cjs');

const [server, key, what, pingback] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
const { Solver } = require('@2captcha/captcha-solver');

const pageurl = 'https://www.example.com/';
const page = { pageurl, sitekey: 'site-key' };
const google = { pageurl, googlekey: 'site-key' };
const proxy = { proxy: 'user:password@198.51.100.7:8080', proxytype: 'HTTP' };
const body = Buffer.alloc(300, 7).toString('base64');
const solver = (of = key) => new Solver(of, 100);
const solve = {
  recaptcha: google,
  hcaptcha: page,
  geetest: { pageurl, gt: 'gt', challenge: 'challenge' },
  geetestV4: { pageurl, captcha_id: 'captcha-id' },
  imageCaptcha: { body, numeric: 4, min_len: 5, max_len: 5 },
  funCaptcha: { pageurl, publickey: 'public-key' },
  amazonWaf: { ...page, context: 'c', iv: 'iv' },
  cloudflareTurnstile: { ...page, action: 'managed', data: 'd', pagedata: 'p' },
  dataDome: { pageurl, captcha_url: 'https://geo.captcha-delivery.com/captcha/?x=1', userAgent: 'ua', ...proxy },
  mtCaptcha: page,
  friendlyCaptcha: page,
  prosopo: page,
  altcha: { pageurl, challengeUrl: 'https://a.test/challenge' },
  tencent: { pageurl, appId: 'app' },
  binance: { ...page, validateId: 'v', userAgent: 'ua' },
  yidun: page,
  basilisk: { ...page, userAgent: 'ua' },
};
const others = {
  coordinates: { body, textinstructions: 'click' },
  grid: { body, textinstructions: 'click' },
  canvas: { body, textinstructions: 'draw' },
  text: { textcaptcha: 'What day follows Monday?', lang: 'en' },
  rotate: { body },
  yandexSmart: page,
};

const cases = {
  solve: () => Promise.all(Object.entries(solve).map(([name, params]) => show(name, () => solver()[name](params)))),
  others: () => Promise.all(Object.entries(others).map(([name, params]) => show(name, () => solver()[name](params)))),
  account: async () => {
    await show('balance', () => solver().balance());
    const solved = await solver().recaptcha({ ...google, ...proxy, invisible: 1, pingback });
    console.log(JSON.stringify({ name: 'recaptcha', answer: solved }));
    await show('v3', () => solver().recaptcha({ ...google, version: 'v3', min_score: 0.3, action: 'verify' }));
    await show('enterprise', () => solver().recaptcha({ ...google, enterprise: 1 }));
    await show('good', () => solver().goodReport(solved.id));
    await show('bad', () => solver().badReport(solved.id));
    await show('wrongKey', () => solver('unknown-key-0000').recaptcha(google));
    await show('shortKey', () => solver('short').balance());
    await show('zeroBalance', () => solver(`${key}-poor`).recaptcha(google));
    await show('unsolvable', () => solver(`${key}-bad`).recaptcha(google));
    await show('smallImage', () => solver().imageCaptcha({ body: 'AAAA' }));
    await show('badPage', () => solver().recaptcha({ ...google, pageurl: 'nowhere' }));
  },
};
cases[what]();
