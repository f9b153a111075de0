// The server's own pages, as a person sees them. Prints what they show and whom they ask.
import { open } from './browser.mjs';

const [base, picture] = process.argv.slice(2);

const home = await open(base + '/', async (page, seen) => ({
  title: await page.title(),
  links: await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  command: await page.locator('pre').innerText(),
  ...seen,
}));
console.log(JSON.stringify(home));

const docs = await open(base + '/docs', async (page, seen) => {
  await page.locator('rapi-doc').getByText('/createTask').first().waitFor();
  if (picture) await page.screenshot({ path: picture });
  return { title: await page.title(), text: await page.locator('rapi-doc').evaluate((viewer) => viewer.shadowRoot.textContent), ...seen };
});
console.log(JSON.stringify(docs));
