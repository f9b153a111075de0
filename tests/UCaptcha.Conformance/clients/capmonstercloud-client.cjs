// Every request class of @zennolab_com/capmonstercloud-client, solved at the client's own pace, and the errors it tells apart.
// usage: node capmonstercloud-client.cjs SERVICE_URL KEY balance|solve|errors|unsolvable
const z = require('@zennolab_com/capmonstercloud-client');

const [serviceUrl, clientKey, what] = process.argv.slice(2);
const client = (key) => z.CapMonsterCloudClientFactory.Create(new z.ClientOptions({ clientKey: key, serviceUrl }));
const websiteURL = 'https://www.example.com/';
const page = { websiteURL, websiteKey: 'site-key' };
const proxy = { proxyType: 'http', proxyAddress: '198.51.100.7', proxyPort: 8080, proxyLogin: 'user', proxyPassword: 'password' };
const image = Buffer.alloc(300, 7).toString('base64');
const one = (request) => new z.RecaptchaV2Request({ ...page, ...request });

const requests = {
  RecaptchaV2: new z.RecaptchaV2Request({ ...page, cookies: 'a=b; c=d' }),
  RecaptchaV2Proxied: new z.RecaptchaV2Request({ ...page, proxy }),
  RecaptchaV2Enterprise: new z.RecaptchaV2EnterpriseRequest({ ...page, enterprisePayload: { s: 'SOME_TOKEN' }, apiDomain: 'www.google.com' }),
  RecaptchaV3: new z.RecaptchaV3ProxylessRequest({ ...page, minScore: 0.6, pageAction: 'login' }),
  RecaptchaV3Enterprise: new z.RecaptchaV3EnterpriseRequest({ ...page, minScore: 0.6, pageAction: 'login' }),
  HCaptcha: new z.HCaptchaRequest({ ...page, isInvisible: true }),
  FunCaptcha: new z.FunCaptchaRequest({ websiteURL, websitePublicKey: 'public-key', data: '{"blob":"x"}' }),
  GeeTestV3: new z.GeeTestRequest({ websiteURL, gt: 'gt', challenge: 'challenge' }),
  GeeTestV4: new z.GeeTestRequest({ websiteURL, gt: 'captcha-id', version: '4', initParameters: { riskType: 'slide' } }),
  Turnstile: new z.TurnstileRequest(page),
  CloudflareToken: new z.TurnstileRequest({ ...page, cloudflareTaskType: 'token', pageAction: 'managed', data: 'd', pageData: 'p', userAgent: 'ua' }),
  CloudflareClearance: new z.TurnstileRequest({ ...page, cloudflareTaskType: 'cf_clearance', htmlPageBase64: 'PGh0bWw+', userAgent: 'ua', proxy }),
  ImageToText: new z.ImageToTextRequest({ body: image, CapMonsterModule: z.CapMonsterModules.Universal, recognizingThreshold: 70, Case: true, numeric: 1, math: false }),
  ComplexImageRecaptcha: new z.ComplexImageRecaptchaRequest({ websiteURL, imagesBase64: [image], metaData: { Grid: '3x3', TaskDefinition: '/m/015qff' } }),
  ComplexImageHCaptcha: new z.ComplexImageHCaptchaRequest({ websiteURL, imagesBase64: [image], exampleImagesBase64: [image], metaData: { Task: 'a boat' } }),
  ComplexImageFunCaptcha: new z.ComplexImageFunCaptchaRequest({ websiteURL, imagesBase64: [image], metaData: { Task: 'the penguin' } }),
  ComplexImageRecognition: new z.ComplexImageTaskRecognitionRequest({ imagesBase64: [image], metaData: { Task: 'oocl_rotate_new' } }),
  DataDome: new z.DataDomeRequest({ websiteURL, proxy, metadata: { captchaUrl: 'https://geo.captcha-delivery.com/c', datadomeCookie: 'datadome=x' } }),
  TenDI: new z.TenDIRequest({ ...page, userAgent: 'ua' }),
  Amazon: new z.AmazonRequest({ ...page, challengeScript: 'https://a.test/challenge.js', captchaScript: 'https://a.test/captcha.js', context: 'c', iv: 'iv', cookieSolution: false }),
  AmazonCookie: new z.AmazonRequest({ ...page, challengeScript: 'https://a.test/challenge.js', context: '', iv: '', cookieSolution: true }),
  Basilisk: new z.BasiliskRequest(page),
  Imperva: new z.ImpervaRequest({ websiteURL, proxy, metadata: { incapsulaScriptUrl: 's', incapsulaCookies: 'c', reese84UrlEndpoint: 'e' } }),
  Binance: new z.BinanceRequest({ ...page, validateId: 'v' }),
  Prosopo: new z.ProsopoRequest(page),
  Temu: new z.TemuRequest({ websiteURL, metadata: { cookie: 'a=b' } }),
  Yidun: new z.YidunRequest({ ...page, hcg: 'hcg', hct: 1751469954806 }),
  MTCaptcha: new z.MTCaptchaRequest({ ...page, pageAction: 'login', isInvisible: false }),
  Castle: new z.CastleRequest({ ...page, metadata: { wUrl: 'w', swUrl: 's', count: 1 } }),
  TSPD: new z.TSPDRequest({ websiteURL, proxy, metadata: { tspdCookie: 'c', htmlPageBase64: 'PGh0bWw+' } }),
  Hunt: new z.HuntRequest({ websiteURL, proxy, metadata: { apiGetLib: 'l' } }),
  Altcha: new z.AltchaRequest({ ...page, metadata: { challenge: 'c', iterations: '100000', salt: 's', signature: 'g' } }),
};

const cases = {
  balance: async () => console.log(JSON.stringify(await client(clientKey).getBalance())),
  solve: () => Promise.all(Object.entries(requests).map(async ([name, request]) =>
    console.log(JSON.stringify({ name, ...(await client(clientKey).Solve(request)) })))),
  exported: async () => console.log(JSON.stringify(Object.keys(z).filter((name) => name.endsWith('Request')))),
  unsolvable: async () => console.log(JSON.stringify(await client(clientKey).Solve(one()))),
  errors: async () => {
    const show = async (name, request, key = clientKey) => console.log(JSON.stringify({ name, ...(await client(key).Solve(request)) }));
    await show('wrongKey', one(), 'no-such-key');
    await show('zeroBalance', one(), `${clientKey}-poor`);
    await show('ipNotAllowed', one(), `${clientKey}-far`);
    await show('domainNotAllowed', one({ websiteURL: 'https://denied.example.com/' }));
    await show('zeroFilesize', new z.ImageToTextRequest({ body: 'AAAA' }));
    await show('tooBigFilesize', new z.ImageToTextRequest({ body: Buffer.alloc(5_000_000).toString('base64') }));
    await show('noSlot', new z.ImageToTextRequest({ body: Buffer.alloc(2_000_000).toString('base64') }));
    await show('invalidTask', one({ websiteKey: '' }));
    await client('no-such-key').getBalance().catch((error) => console.log(JSON.stringify({ name: 'balanceOfWrongKey', error: error.message })));
    const unknown = await client(clientKey).GetTaskResult(2147483647);
    console.log(JSON.stringify({ name: 'unknownTask', error: unknown.error }));
  },
};
cases[what]().catch((error) => { console.error(error); process.exitCode = 1; });
