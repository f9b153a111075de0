// A page of another origin that calls the server: gRPC-Web by @connectrpc/connect-web, and plain fetch. Prints what it got.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { open } from './browser.mjs';

const [base, key, siteKey, protos, allowedPort] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const schema = execFileSync(here + 'node_modules/.bin/buf', ['build', protos, '-o', '-'], { maxBuffer: 1 << 24 }).toString('base64');

const bundle = await build({
  bundle: true,
  format: 'iife',
  write: false,
  absWorkingDir: here,
  stdin: { contents: `import { run } from './browser-grpcweb-page.mjs'; run(${JSON.stringify({ base, key, siteKey, schema })});`, resolveDir: here },
});

const page = createServer((request, response) => {
  const script = request.url === '/page.js';
  response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' });
  response.end(script ? bundle.outputFiles[0].text : '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>');
});

async function visit(port) {
  await new Promise((listening) => page.listen(port, '127.0.0.1', listening));
  try {
    return await open(`http://127.0.0.1:${page.address().port}/`, async (tab) => {
      await tab.waitForFunction(() => globalThis.outcome !== undefined, null, { timeout: 60_000 });
      return tab.evaluate(() => globalThis.outcome);
    });
  } finally {
    await new Promise((closed) => page.close(closed));
  }
}

console.log(JSON.stringify(await visit(Number(allowedPort))));
console.log(JSON.stringify(await visit(0)));
