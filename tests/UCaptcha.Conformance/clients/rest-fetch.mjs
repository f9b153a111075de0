// The documented JavaScript example, followed to the solution.
// usage: node rest-fetch.mjs BASE_URL KEY SITE_KEY
const [base, clientKey, websiteKey] = process.argv.slice(2);

const post = async (path, body) => {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
};

const created = await post('/createTask', {
  clientKey,
  task: { type: 'RecaptchaV2TaskProxyless', websiteURL: 'https://example.com', websiteKey },
});
console.log(JSON.stringify(created));
if (created.errorId !== 0) process.exit(1);

let result;
for (let poll = 0; poll < 60; poll++) {
  result = await post('/getTaskResult', { clientKey, taskId: created.taskId });
  if (result.status !== 'processing') break;
  await new Promise((resolve) => setTimeout(resolve, 250));
}
console.log(JSON.stringify(result));
