// The watch stream over HTTP: NDJSON, then SSE. Prints the content type and every message.
// usage: node watch-stream.mjs BASE_URL KEY SITE_KEY
const [base, clientKey, websiteKey] = process.argv.slice(2);
const headers = { 'Content-Type': 'application/json' };

const create = async () => {
  const response = await fetch(`${base}/createTask`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ clientKey, task: { type: 'RecaptchaV2TaskProxyless', websiteURL: 'https://example.com', websiteKey } }),
  });
  return (await response.json()).taskId;
};

const show = (response, text) => console.log(JSON.stringify({ type: response.headers.get('content-type'), text }));

const ndjson = await fetch(`${base}/watchTask`, { method: 'POST', headers, body: JSON.stringify({ clientKey, taskId: await create() }) });
show(ndjson, await ndjson.text());

const sse = await fetch(`${base}/watchTask/${await create()}`, { headers: { Accept: 'text/event-stream', 'x-api-key': clientKey } });
show(sse, await sse.text());
