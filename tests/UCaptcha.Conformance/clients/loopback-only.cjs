// Loaded before every client (node --require): refuses any connection that is not to loopback, so that a wrong base
// URL can never reach a real service.
const net = require('node:net');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof options === 'object' ? options.host ?? '127.0.0.1' : 'unknown';
  if (!options?.path && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`connection to ${host} refused: these tests talk to loopback only`);
  }
  return connect.apply(this, args);
};
