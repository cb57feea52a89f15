// The provider does what the end-to-end tests of the library assume of it. Run by run.sh.

import assert from 'node:assert/strict';
import { constants, createPrivateKey, createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test, { afterEach } from 'node:test';

const { E2E_ISSUER: issuer, E2E_CONTROL: control, E2E_CLIENT_KEY: clientKey } = process.env;
const AUDIENCE = 'https://orders.example.com';
const OPAQUE = `${AUDIENCE}/opaque`;
const BY_POST = { client_id: 'orders-api-post', client_secret: 'orders-api-post-secret' };

const SIGNATURES = {
  RS256: { hash: 'sha256' },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES256: { hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  ES384: { hash: 'sha384', dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null },
};

const basic = (id) => `Basic ${Buffer.from(`${id}:${id}-secret`).toString('base64')}`;

const post = (path, form, id) =>
  fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: id ? { Authorization: basic(id) } : {},
    body: new URLSearchParams(form),
  });

async function json(answer) {
  const response = await answer;
  assert.equal(response.status, 200);
  return response.json();
}

async function token(resource, { id = 'orders-app', scope = 'orders:read' } = {}) {
  const form = { grant_type: 'client_credentials', resource, scope };
  return (await json(post('/token', form, id))).access_token;
}

const introspect = (subject, id = 'orders-api') => json(post('/token/introspection', { token: subject }, id));

const published = async () => (await json(fetch(`${issuer}/jwks`))).keys;

const command = (method, path) => json(fetch(`${control}${path}`, { method }));

const counter = async (name) => (await command('GET', '/counters'))[name];

// The control port is asked again until it says so; each question is an exchange, so this does not spin.
async function until(condition) {
  for (let i = 0; i < 10_000; i += 1) if (await condition()) return;
  assert.fail('it never came true');
}

const part = (encoded) => JSON.parse(Buffer.from(encoded, 'base64url'));

function opened(jwt, keys) {
  const [head, body, signature] = jwt.split('.');
  const header = part(head);
  const key = keys.find(({ kid }) => kid === header.kid);
  if (!key) return { header };
  assert.equal(key.alg, header.alg);
  const { hash, ...options } = SIGNATURES[header.alg];
  const publicKey = { key: createPublicKey({ key, format: 'jwk' }), ...options };
  assert(verify(hash, Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url')));
  return { header, key, claims: part(body) };
}

afterEach(async () => {
  await command('POST', '/start');
  await command('DELETE', '/faults');
  await command('POST', '/keys/withdraw');
  await command('DELETE', '/counters');
});

for (const path of ['openid-configuration', 'oauth-authorization-server']) {
  test(`discovery by ${path} names the issuer and the endpoints`, async () => {
    const document = await json(fetch(`${issuer}/.well-known/${path}`));
    assert.equal(document.issuer, issuer);
    assert.equal(document.jwks_uri, `${issuer}/jwks`);
    assert.equal(document.introspection_endpoint, `${issuer}/token/introspection`);
    assert.equal(document.revocation_endpoint, `${issuer}/token/revocation`);
  });
}

for (const alg of Object.keys(SIGNATURES)) {
  test(`${alg}: an access token of RFC 9068, signed with the published key (J-1, J-5)`, async () => {
    const jwt = await token(`${AUDIENCE}/${alg.toLowerCase()}`, { scope: 'orders:read orders:write' });
    const { header, claims } = opened(jwt, await published());
    assert.equal(header.typ, 'at+jwt');
    assert.equal(header.alg, alg);
    assert.equal(claims.iss, issuer);
    assert.equal(claims.aud, AUDIENCE);
    assert.equal(claims.sub, 'orders-app');
    assert.equal(claims.client_id, 'orders-app');
    assert.equal(claims.scope, 'orders:read orders:write');
    assert.equal(claims.exp - claims.iat, 600);
    assert(claims.jti.length > 20);
    assert(!('acr' in claims) && !('auth_time' in claims));
  });
}

test('acr and auth_time differ by client (S-2), in tokens and in introspection', async () => {
  for (const [id, acr, age] of [
    ['password-app', 'urn:example:password', 0],
    ['mfa-app', 'urn:example:mfa', 0],
    ['old-login-app', 'urn:example:mfa', 3600],
  ]) {
    const { claims } = opened(await token(AUDIENCE, { id }), await published());
    for (const said of [claims, await introspect(await token(OPAQUE, { id }))]) {
      assert.equal(said.acr, acr);
      assert(Math.abs(said.iat - age - said.auth_time) < 60);
      assert.equal(said.sub, id);
    }
  }
});

test('another audience, an unknown resource, a wrong secret', async () => {
  for (const other of ['https://invoices.example.com', 'http://127.0.0.1:8080/orders']) {
    assert.equal(opened(await token(other), await published()).claims.aud, other);
  }
  const form = { grant_type: 'client_credentials', scope: 'orders:read' };
  const unknown = await post('/token', { ...form, resource: 'https://unknown.example.com' }, 'orders-app');
  assert.equal((await unknown.json()).error, 'invalid_target');
  const wrong = await post('/token', { ...form, client_id: 'orders-app', client_secret: 'wrong' });
  assert.equal(wrong.status, 401);
});

test('an API on this machine: its address is the audience, of opaque tokens too', async () => {
  const api = 'http://127.0.0.1:8080';
  assert.equal(opened(await token(api), await published()).claims.aud, api);
  assert.equal((await introspect(await token(`${api}/opaque`))).aud, api);
});

test('the scope to revoke is for one application', async () => {
  const scope = 'tokens:revoke';
  assert.equal(opened(await token(AUDIENCE, { id: 'admin-app', scope }), await published()).claims.scope, scope);
  const form = { grant_type: 'client_credentials', resource: AUDIENCE, scope };
  assert.equal((await (await post('/token', form, 'orders-app')).json()).error, 'invalid_scope');
});

test('introspection of an opaque token, for a client of each kind', async () => {
  const opaque = await token(OPAQUE);
  assert(!opaque.includes('.'));
  const assertion = () => {
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const id = 'orders-api-jwt';
    const claims = { iss: id, sub: id, aud: issuer, exp: now + 60, iat: now, jti: randomUUID() };
    const text = `${encode({ alg: 'ES256' })}.${encode(claims)}`;
    const key = createPrivateKey(readFileSync(clientKey));
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const answers = [
    await introspect(opaque),
    await json(post('/token/introspection', { token: opaque, ...BY_POST })),
    await json(post('/token/introspection', {
      token: opaque,
      client_id: 'orders-api-jwt',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(),
    })),
  ];
  for (const answer of answers) {
    assert.equal(answer.active, true);
    assert.equal(answer.iss, issuer);
    assert.equal(answer.aud, AUDIENCE);
    assert.equal(answer.sub, 'orders-app');
    assert.equal(answer.client_id, 'orders-app');
    assert.equal(answer.scope, 'orders:read');
    assert.equal(answer.token_type, 'Bearer');
    assert.equal(answer.exp - answer.iat, 600);
  }
  assert.deepEqual(await introspect('unknown'), { active: false });
  assert.deepEqual(await introspect(opaque, 'mfa-app'), { active: false });
  const wrong = { token: opaque, ...BY_POST, client_secret: 'wrong' };
  assert.equal((await post('/token/introspection', wrong)).status, 401);
});

test('introspection sees a revocation', async () => {
  const [opaque, neighbour] = [await token(OPAQUE), await token(OPAQUE)];
  assert.equal((await introspect(opaque)).active, true);
  assert.equal((await post('/token/revocation', { token: opaque }, 'orders-app')).status, 200);
  assert.deepEqual(await introspect(opaque), { active: false });
  assert.equal((await introspect(neighbour)).active, true);
});

test('rotation keeps old keys published, withdrawal does not (J-18)', async () => {
  const [old, other, opaque] = [await token(AUDIENCE), await token(`${AUDIENCE}/rs256`), await token(OPAQUE)];
  await command('POST', '/keys/rotate?alg=ES256');
  const fresh = await token(AUDIENCE);
  const both = await published();
  assert.equal(both.length, 6);
  assert(opened(old, both).key && opened(fresh, both).key && opened(other, both).key);
  assert.notEqual(opened(old, both).header.kid, opened(fresh, both).header.kid);

  await command('POST', '/keys/withdraw');
  const rest = await published();
  assert.equal(rest.length, 5);
  assert(!opened(old, rest).key);
  assert(opened(fresh, rest).key && opened(other, rest).key);
  assert.equal((await introspect(opaque)).active, true);

  await command('POST', '/keys/rotate');
  assert.equal((await published()).length, 10);
});

test('requests are counted', async () => {
  await Promise.all([published(), published(), fetch(`${issuer}/.well-known/openid-configuration`)]);
  assert.equal((await counter('jwks')).requests, 2);
  assert.equal((await counter('discovery')).requests, 1);
  await command('DELETE', '/counters');
  assert.deepEqual(await command('GET', '/counters'), {});
});

test('error, garbage: wrong answers, then right ones', async () => {
  const opaque = await token(OPAQUE);
  const discovery = () => fetch(`${issuer}/.well-known/openid-configuration`);
  const asked = {
    discovery,
    jwks: () => fetch(`${issuer}/jwks`),
    introspection: () => post('/token/introspection', { token: opaque }, 'orders-api'),
  };
  for (const [name, ask] of Object.entries(asked)) {
    await command('PUT', `/faults/${name}/error`);
    assert.equal((await ask()).status, 500);
    await command('PUT', `/faults/${name}/garbage`);
    const garbage = await ask();
    assert.equal(garbage.status, 200);
    await assert.rejects(garbage.json(), SyntaxError);
    await command('DELETE', '/faults');
    await json(ask());
  }
});

test('huge: 100 MB before the right answer, and the bytes that a client took are counted', async () => {
  await command('PUT', '/faults/jwks/huge');
  const whole = await (await fetch(`${issuer}/jwks`)).text();
  assert(whole.length > 100_000_000);
  assert.equal(JSON.parse(whole).keys.length, 5);
  await until(async () => (await counter('jwks')).waiting === 0);
  assert((await counter('jwks')).bytes > 100_000_000);

  await command('DELETE', '/counters');
  const cut = new AbortController();
  const response = await fetch(`${issuer}/jwks`, { signal: cut.signal });
  await response.body.getReader().read();
  cut.abort();
  await until(async () => (await counter('jwks')).waiting === 0);
  assert((await counter('jwks')).bytes < 50_000_000);
});

test('drip: the first byte of the right answer, and not the second with it', async () => {
  await command('PUT', '/faults/jwks/drip');
  const cut = new AbortController();
  const response = await fetch(`${issuer}/jwks`, { signal: cut.signal });
  const { value } = await response.body.getReader().read();
  assert.equal(Buffer.from(value).toString(), '{');
  cut.abort();
});

test('redirect: to an origin that would answer, and counts', async () => {
  await command('PUT', '/faults/jwks/redirect');
  const response = await fetch(`${issuer}/jwks`, { redirect: 'manual' });
  assert.equal(response.status, 307);
  assert.equal(response.headers.get('location'), `${control}/elsewhere/jwks`);
  assert.equal(await counter('elsewhere'), undefined);
  assert.equal((await published()).length, 5);
  assert.equal((await counter('elsewhere')).requests, 1);

  // The secret rides in the form: fetch takes it along, as it does not the field Authorization.
  const form = { token: await token(OPAQUE), ...BY_POST };
  await command('PUT', '/faults/introspection/redirect');
  assert.equal((await json(post('/token/introspection', form))).active, true);
  assert.equal((await counter('elsewhere')).requests, 2);
});

test('hang: no answer until the fault is removed, then the right one', async () => {
  await command('PUT', '/faults/jwks/hang');
  const held = [published(), published()];
  const cut = new AbortController();
  const given = fetch(`${issuer}/jwks`, { signal: cut.signal });
  await until(async () => (await counter('jwks'))?.waiting === 3);
  cut.abort();
  await assert.rejects(given, { name: 'AbortError' });
  await until(async () => (await counter('jwks')).waiting === 2);
  await command('DELETE', '/faults');
  for (const keys of await Promise.all(held)) assert.equal(keys.length, 5);
});

test('stop: no connection; start: the same port, the same keys, the same tokens', async () => {
  const [jwt, opaque] = [await token(AUDIENCE), await token(OPAQUE)];
  await command('POST', '/stop');
  await assert.rejects(fetch(`${issuer}/jwks`), ({ cause }) => cause.code === 'ECONNREFUSED');
  await command('POST', '/start');
  assert(opened(jwt, await published()).key);
  assert.equal((await introspect(opaque)).active, true);
});

test('commands that are misspelt are refused', async () => {
  for (const [method, path, status] of [
    ['POST', '/keys/rotate?alg=HS256', 400],
    ['POST', '/keys/turn', 404],
    ['PUT', '/faults/jwk/error', 400],
    ['PUT', '/faults/jwks/errors', 400],
    ['GET', '/unknown', 404],
  ]) {
    assert.equal((await fetch(`${control}${path}`, { method })).status, status, path);
  }
});
