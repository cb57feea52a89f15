// An identity provider on this machine: npm's `oidc-provider` with a small configuration.
//
//   npm ci --ignore-scripts && node provider.mjs
//   curl -u orders-app:orders-app-secret http://127.0.0.1:9000/token -d grant_type=client_credentials \
//        -d resource=https://orders.example.com -d scope=orders:read
//
//   PORT              of the issuer, 9000 if not given, 0 for a free one
//   CLIENT_KEY_FILE   if given, the private key (PKCS #8, PEM) of the client `orders-api-jwt` is written there
//   PROVIDER_CONTROL  if 1, a second server lets tests turn the keys and break the answers: see control.mjs
//   CONTROL_PORT      of that server, 9001 if not given, 0 for a free one
//
// Prints the addresses once it serves. Keys and tokens are in memory: they are new after a restart.

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

import Provider, { errors } from 'oidc-provider';

import { configuration } from './configuration.mjs';
import { newKeys } from './keys.mjs';

const HOST = '127.0.0.1';

// What oidc-provider keeps, by model and id. Whether an entry has expired is told by its content.
const entries = new Map();
const adapter = (model) => ({
  upsert: async (id, entry) => void entries.set(`${model} ${id}`, entry),
  find: async (id) => entries.get(`${model} ${id}`),
  destroy: async (id) => void entries.delete(`${model} ${id}`),
});

function clientKey(file) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (file) writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  return publicKey.export({ format: 'jwk' });
}

async function listen(server, port) {
  server.listen(Number(port), HOST);
  await once(server, 'listening');
  return `http://${HOST}:${server.address().port}`;
}

const apiKey = clientKey(process.env.CLIENT_KEY_FILE);
const { Control } = process.env.PROVIDER_CONTROL === '1' ? await import('./control.mjs') : {};
let keys = await newKeys();
let answer;

const server = createServer();
const issuer = await listen(server, process.env.PORT ?? 9000);

function publish(newest) {
  keys = newest;
  answer = new Provider(issuer, configuration({ keys, apiKey, adapter, errors })).callback();
}
publish(keys);

if (Control) {
  const control = new Control({ server, keys: () => keys, publish, answer: (...args) => answer(...args) });
  server.on('request', (...args) => control.intercept(...args));
  control.origin = await listen(createServer((...args) => control.serve(...args)), process.env.CONTROL_PORT ?? 9001);
  console.log(`control ${control.origin}`);
} else {
  server.on('request', (...args) => answer(...args));
}
console.log(`issuer ${issuer}`);
