// The npm client of 2Captcha's first API, with nothing changed but its two URLs: balance, two captchas, a report and a wrong key.
const { Solver, APIError } = require('2captcha');

const [base, key, siteKey, hcaptchaKey] = process.argv.slice(2);

class LocalSolver extends Solver {
  get in() { return `${base}/in.php`; }
  get res() { return `${base}/res.php`; }
}

(async () => {
  const solver = new LocalSolver(key, 300);
  const recaptcha = await solver.recaptcha(siteKey, 'https://example.com');
  const hcaptcha = await solver.hcaptcha(hcaptchaKey, 'https://example.com');
  await solver.goodReport(recaptcha.id);
  const wrongKey = await new LocalSolver('unknown-key-0000', 300).recaptcha(siteKey, 'https://example.com').catch((error) => error);
  console.log(JSON.stringify({
    balance: await solver.balance(),
    recaptcha,
    hcaptcha,
    wrongKey: wrongKey instanceof APIError ? wrongKey.err : String(wrongKey),
  }));
})();
