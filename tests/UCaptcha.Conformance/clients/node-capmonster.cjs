// Every task class of node-capmonster, solved at the client's own pace, its errors, and a callback.
// usage: node node-capmonster.cjs HOST_URL KEY balance|solve|errors|callback [CALLBACK_URL]
const nc = require('node-capmonster');

const [hostUrl, clientKey, what, callbackUrl] = process.argv.slice(2);
// The base class, which holds the address, is not exported.
let base = nc.RecaptchaV2Task;
while (!Object.hasOwn(base, 'hostUrl')) base = Object.getPrototypeOf(base);
base.hostUrl = hostUrl;

const websiteURL = 'https://www.example.com/';
const page = { websiteURL, websiteKey: 'site-key' };
const proxy = { proxyType: 'http', proxyAddress: '198.51.100.7', proxyPort: 8080, proxyLogin: 'user', proxyPassword: 'password' };
const image = Buffer.alloc(300, 7).toString('base64');
const tasks = {
  RecaptchaV2Task: page,
  RecaptchaV2EnterpriseTask: page,
  RecaptchaV3Task: { ...page, minScore: 0.3, pageAction: 'verify' },
  HCaptchaTask: page,
  FuncaptchaTask: { websiteURL, websitePublicKey: 'public-key' },
  GeeTestTask: { websiteURL, gt: 'gt', challenge: 'challenge' },
  GeeTestV4Task: { websiteURL, gt: 'captcha-id' },
  TurnstileTask: page,
  ImageToTextTask: { body: image },
  ComplexImageTask: { class: 'recaptcha', imagesBase64: [image], metadata: { Grid: '3x3', Task: 'Select all images with crosswalks' } },
  AmazonTask: { ...page, context: 'c', iv: 'i', challengeScript: 'https://a.test/challenge.js' },
  DataDomeTask: { websiteURL, metadata: { captchaUrl: 'https://geo.captcha-delivery.com/c', datadomeCookie: 'datadome=x' }, ...proxy },
  TenDITask: page,
};
const solve = async (name, key = clientKey, task = tasks[name]) => {
  const client = new nc[name](key);
  if (callbackUrl) client.setCallbackUrl(callbackUrl);
  const id = await client.createWithTask(client.task({ ...task }));
  return { id, solution: await client.joinTaskResult(id) };
};
const refused = async (name, act) => {
  try {
    console.log(JSON.stringify({ name, answer: await act() }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: error.error?.errorCode ?? String(error) }));
  }
};

const cases = {
  balance: async () => console.log(JSON.stringify({ balance: await new nc.RecaptchaV2Task(clientKey).getBalance() })),
  exported: async () => console.log(JSON.stringify(Object.keys(nc).filter((name) => name.endsWith('Task')))),
  solve: () => Promise.all(Object.keys(tasks).map(async (name) => console.log(JSON.stringify({ name, ...(await solve(name)) })))),
  callback: async () => console.log(JSON.stringify(await solve('RecaptchaV2Task'))),
  errors: async () => {
    await refused('wrongKey', () => solve('RecaptchaV2Task', 'no-such-key'));
    await refused('zeroBalance', () => solve('RecaptchaV2Task', `${clientKey}-poor`));
    await refused('unknownTask', () => new nc.RecaptchaV2Task(clientKey).getTaskResult(2147483647));
    await refused('invalidTask', () => solve('RecaptchaV2Task', clientKey, { websiteURL }));
    await refused('zeroFilesize', () => solve('ImageToTextTask', clientKey, { body: 'AAAA' }));
  },
};
cases[what]().catch((error) => { console.error(error); process.exitCode = 1; });
