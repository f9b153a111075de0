// Anti-Captcha's official npm client: every solve method that it has, balance, credits, reports and errors.
// usage: node anticaptchaofficial.cjs SERVER KEY solve|exported|account|errors
const show = require('./show.cjs');

const [server, key, what] = process.argv.slice(2);
require('./vendors-here.cjs')(server);
const official = require('@antiadmin/anticaptchaofficial');

const page = ['https://www.example.com/', 'site-key'];
const [url, siteKey] = page;
const proxy = ['http', '198.51.100.7', 8080, 'user', 'password'];
const browser = ['ua', 'a=b'];
const image = Buffer.alloc(300, 7).toString('base64');

official.setAPIKey(key);
official.shutUp();
// Its five seconds before the first question are for people who solve.
official.settings.firstAttemptWaitingInterval = 0.1;
official.settings.normalWaitingInterval = 0.1;

const solve = {
  solveImage: [image],
  solveImageToCoordinates: [image, 'click the cats'],
  solveRecaptchaV2Proxyless: page,
  solveRecaptchaV2ProxyOn: [...page, ...proxy, ...browser],
  solveRecaptchaV3: [...page, 0.3, 'verify'],
  solveRecaptchaV2EnterpriseProxyless: [...page, { s: 'SOME_TOKEN' }],
  solveRecaptchaV2EnterpriseProxyOn: [...page, { s: 'SOME_TOKEN' }, ...proxy, ...browser],
  solveRecaptchaV3Enterprise: [...page, 0.3, 'verify'],
  solveHCaptchaProxyless: [...page, 'ua', { rqdata: 'r' }, true, true],
  solveHCaptchaProxyOn: [...page, ...proxy, ...browser, { rqdata: 'r' }, true, true],
  solveFunCaptchaProxyless: page,
  solveFunCaptchaProxyOn: [...page, ...proxy, ...browser],
  solveGeeTestProxyless: [url, 'gt', 'challenge', 'api.example.com', ''],
  solveGeeTestV4Proxyless: [url, 'captcha-id', 'api.example.com', { riskType: 'slide' }],
  solveGeeTestProxyOn: [url, 'gt', 'challenge', 'api.example.com', '', ...proxy, ...browser],
  solveGeeTestV4ProxyOn: [url, 'captcha-id', 'api.example.com', { riskType: 'slide' }, ...proxy, ...browser],
  solveTurnstileProxyless: page,
  solveTurnstileProxyOn: [...page, ...proxy, 'action', 'c', 'p'],
  solveProsopoProxyless: page,
  solveProsopoProxyOn: [...page, ...proxy],
  solveFriendlyCaptchaProxyless: page,
  solveFriendlyCaptchaProxyOn: [...page, ...proxy],
  solveAmazonProxyless: [...page, 'iv', 'context'],
  solveAmazonProxyOn: [...page, ...proxy, 'iv', 'context'],
  solveAmazonWidgetProxyless: [...page, 'https://a.test/jsapi.js'],
  solveAmazonWidgetProxyOn: [...page, 'https://a.test/jsapi.js', ...proxy],
  solveAltchaProxyless: [url, 'https://a.test/challenge', ''],
  solveAltchaProxyOn: [url, 'https://a.test/challenge', '', ...proxy],
  solveAntiGateTask: [url, 'Sign-in', { user: 'u' }],
  solveAntiBotCookieTask: [url, ...proxy.slice(1)],
};

const call = (name) => () => official[name](...solve[name]);
const withKey = (other, act) => async () => {
  official.setAPIKey(other);
  try {
    return await act();
  } finally {
    official.setAPIKey(key);
  }
};

const cases = {
  // One after another: the client keeps the task it is at in a variable of its own.
  solve: async () => { for (const name of Object.keys(solve)) await show(name, call(name)); },
  exported: () => console.log(JSON.stringify(Object.keys(official).filter((name) => name.startsWith('solve')))),
  account: async () => {
    await show('balance', () => official.getBalance());
    await show('credits', () => official.getCreditsBalance());
    await show('image', call('solveImage'));
    await show('reportIncorrectImage', () => official.reportIncorrectImageCaptcha());
    await show('recaptcha', call('solveRecaptchaV2Proxyless'));
    await show('reportIncorrectRecaptcha', () => official.reportIncorrectRecaptcha());
    await show('reportCorrectRecaptcha', () => official.reportCorrectRecaptcha());
    await show('hcaptcha', call('solveHCaptchaProxyless'));
    await show('respKey', () => official.getHcaptchaRespKey());
    await show('userAgent', () => official.getHcaptchaUserAgent());
    await show('reportIncorrectHcaptcha', () => official.reportIncorrectHcaptcha());
  },
  errors: async () => {
    await show('wrongKey', withKey('no-such-key', () => official.getBalance()));
    await show('zeroBalance', withKey(`${key}-poor`, call('solveRecaptchaV2Proxyless')));
    await show('unsolvable', withKey(`${key}-bad`, call('solveRecaptchaV2Proxyless')));
    await show('emptyImage', () => official.solveImage(''));
    await show('smallImage', () => official.solveImage('AAAA'));
    await show('noSiteKey', () => official.solveRecaptchaV2Proxyless(url, ''));
    await show('noSuchTask', () => { official.session.taskId = 2147483647; return official.reportIncorrectRecaptcha(); });
    await show('noSuchMethod', () => official.pushAntiGateVariable('name', 'value'));
  },
};
cases[what]();
