// For clients in which the address of their vendor is fixed: what is meant for the vendor goes to the server under test,
// as with a line in the hosts file, and names the vendor in Host as it always does. Call it before the client is loaded.
const http = require('node:http');
const https = require('node:https');

const vendors = ['api.anti-captcha.com', 'api.capsolver.com', '2captcha.com', 'rucaptcha.com'];

module.exports = (serverUrl) => {
  const server = new URL(serverUrl);
  const { request } = http;
  const divert = (original) => (...args) => {
    const options = {};
    for (const part of args.filter((argument) => typeof argument !== 'function')) {
      const url = typeof part === 'string' ? new URL(part) : part;
      Object.assign(options, url instanceof URL ? { hostname: url.hostname, path: url.pathname + url.search } : url);
    }
    const host = options.hostname ?? options.host;
    if (!vendors.includes(host)) return original(...args);
    const { agent, agents, protocol, host: _, servername, ...rest } = options;
    const callback = args.find((argument) => typeof argument === 'function');
    return request({ ...rest, hostname: server.hostname, port: server.port, headers: { ...rest.headers, host } }, callback);
  };
  http.request = divert(http.request);
  https.request = divert(https.request);
};
