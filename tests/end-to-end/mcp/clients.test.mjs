// What the MCP SDK for TypeScript makes of examples/mcp: whether it understands the challenges. Run by run.sh.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { discoverOAuthProtectedResourceMetadata, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const { E2E_ISSUER: issuer, MCP_SERVER: server } = process.env;
const DELETE = { name: 'delete_order', arguments: { id: 7 } };
const LIST = { name: 'list_orders', arguments: {} };

async function token(id, scope) {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${id}:${id}-secret`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: server, scope }),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

// A user with a browser, in which the authorization server would ask: where it was sent to is kept.
class Interactive {
  redirectUrl = 'http://127.0.0.1/callback';
  clientMetadata = { redirect_uris: [this.redirectUrl] };
  sentTo = [];
  clientInformation = () => ({ client_id: 'orders-app', client_secret: 'orders-app-secret', issuer });
  tokens = () => this.kept;
  saveTokens = (tokens) => void (this.kept = tokens);
  redirectToAuthorization = (url) => void this.sentTo.push(url);
  saveCodeVerifier = () => {};
  codeVerifier = () => 'never asked for';
  asked = (name) => this.sentTo.map((url) => url.searchParams.get(name));
}

async function connected(authProvider) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(server), { authProvider });
  await client.connect(transport);
  return { client, transport };
}

const text = ({ content: [{ text }] }) => text;

const application = (scope) =>
  new ClientCredentialsProvider({
    clientId: 'orders-app',
    clientSecret: 'orders-app-secret',
    scope,
    expectedIssuer: issuer,
  });

test('C-1, C-2: the metadata are found by the address of the server alone', async () => {
  const metadata = await discoverOAuthProtectedResourceMetadata(server);
  assert.equal(metadata.resource, server);
  assert.deepEqual(metadata.authorization_servers, [issuer]);
  assert.deepEqual(metadata.scopes_supported, ['orders:read', 'orders:write']);
});

test('C-2, C-3: an application finds its way from 401 to a token, and calls tools', async () => {
  const { client } = await connected(application('orders:read orders:write'));
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name).sort(), ['delete_order', 'list_orders']);
  assert.equal(text(await client.callTool(LIST)), 'the orders of orders-app');
  assert.equal(text(await client.callTool(DELETE)), 'orders-app deleted order 7');
  await client.close();
});

test('C-5: an application that gets no more scopes is refused the tool, and keeps the others', async () => {
  const { client } = await connected(application('orders:read'));
  await assert.rejects(client.callTool(DELETE), { code: 403 });
  assert.equal(text(await client.callTool(LIST)), 'the orders of orders-app');
  await client.close();
});

test('C-3: whoever has no token is sent to the authorization server for the scope of the challenge', async () => {
  const user = new Interactive();
  await assert.rejects(connected(user), UnauthorizedError);
  assert.deepEqual(user.asked('scope'), ['orders:read']);
  assert.deepEqual(user.asked('resource'), [server]);
  assert.equal(user.sentTo[0].origin, issuer);
});

test('C-5: the 403 of a tool sends the user for all scopes at once, and with them the tool runs', async () => {
  const user = new Interactive();
  user.kept = await token('orders-app', 'orders:read');
  const { client } = await connected(user);
  assert.equal(text(await client.callTool(LIST)), 'the orders of orders-app');
  await assert.rejects(client.callTool(DELETE), UnauthorizedError);
  assert.deepEqual(user.asked('scope'), ['orders:read orders:write']);
  assert.deepEqual(user.asked('resource'), [server]);
  // As if the user had consented.
  user.kept = await token('orders-app', 'orders:read orders:write');
  assert.equal(text(await client.callTool(DELETE)), 'orders-app deleted order 7');
  await client.close();
});

test('C-4, C-7: tokens for another server, and what is no token, are refused', async () => {
  const other = new Interactive();
  const form = { grant_type: 'client_credentials', resource: 'https://orders.example.com', scope: 'orders:read' };
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from('orders-app:orders-app-secret').toString('base64')}` },
    body: new URLSearchParams(form),
  });
  other.kept = await answer.json();
  assert.ok(other.kept.access_token);
  await assert.rejects(connected(other), UnauthorizedError);
  assert.equal(other.sentTo.length, 1);
});

test('a session is unknown to everybody but its user, who ends it', async () => {
  const { client, transport } = await connected(application('orders:read'));
  const { access_token: stranger } = await token('mfa-app', 'orders:read');
  for (const method of ['GET', 'DELETE']) {
    const answer = await fetch(server, {
      method,
      headers: {
        Authorization: `Bearer ${stranger}`,
        Accept: 'text/event-stream',
        'Mcp-Session-Id': transport.sessionId,
        'MCP-Protocol-Version': transport.protocolVersion,
      },
    });
    assert.equal(answer.status, 404, method);
  }
  assert.equal(text(await client.callTool(LIST)), 'the orders of orders-app');
  await transport.terminateSession();
  assert.equal(transport.sessionId, undefined);
  await client.close();
});
