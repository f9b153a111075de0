// Receives one signed callback and verifies it with the library that the authors of Standard Webhooks publish.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [base, clientKey, ...secrets] = process.argv.slice(2);
const task = { type: 'RecaptchaV2TaskProxyless', websiteURL: 'https://example.com', websiteKey: '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI' };
const receiver = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  response.end();
  for (const secret of secrets) {
    const { type, data } = new Webhook(secret).verify(body, request.headers);
    console.log(`verified ${type} ${data.taskId === taskId} ${data.solution.gRecaptchaResponse.length > 0}`);
  }
  try {
    new Webhook(secrets[0]).verify(body.replace('task.ready', 'task.other'), request.headers);
  } catch (error) {
    console.log(`forged ${error.message}`);
  }
  receiver.close();
});
receiver.listen(0, '127.0.0.1');
await new Promise((listening) => receiver.once('listening', listening));
const callbackUrl = `http://127.0.0.1:${receiver.address().port}/hook`;
const { taskId } = await (await fetch(`${base}/createTask`, { method: 'POST', body: JSON.stringify({ clientKey, task, callbackUrl }) })).json();
