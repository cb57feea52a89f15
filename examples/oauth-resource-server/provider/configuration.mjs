// Who may get which token, and who may ask about it.

import { ALGORITHMS } from './keys.mjs';

const AUDIENCE = 'https://orders.example.com';
const SCOPES = ['orders:read', 'orders:write'];
const ADMIN_SCOPES = [...SCOPES, 'tokens:revoke'];

const server = (audience, format) => ({ audience, scope: ADMIN_SCOPES.join(' '), accessTokenTTL: 600, ...format });
const jwt = (alg) => ({ accessTokenFormat: 'jwt', jwt: { sign: { alg } } }); // RFC 9068
const opaque = { accessTokenFormat: 'opaque' };

// The parameter `resource` of a token request (RFC 8707) chooses what the token looks like.
const RESOURCES = new Map([
  [AUDIENCE, server(AUDIENCE, jwt('ES256'))],
  ...ALGORITHMS.map((alg) => [`${AUDIENCE}/${alg.toLowerCase()}`, server(AUDIENCE, jwt(alg))]),
  [`${AUDIENCE}/opaque`, server(AUDIENCE, opaque)],
  // A neighbour's: the orders must not take these.
  ['https://invoices.example.com', server('https://invoices.example.com', jwt('ES256'))],
  ['https://invoices.example.com/opaque', server('https://invoices.example.com', opaque)],
]);

// An API that is served on this machine goes by its address; with `/opaque` behind it, its tokens are opaque.
function resourceServer(resource) {
  if (new URL(resource).hostname !== '127.0.0.1') return RESOURCES.get(resource);
  const audience = resource.replace(/\/opaque$/, '');
  return server(audience, audience === resource ? jwt('ES256') : opaque);
}

const now = () => Math.floor(Date.now() / 1000);

// Applications, and the claims on the login (RFC 9470) that their tokens get: with client credentials nobody
// logs in, so the provider is told what to say.
const APPLICATIONS = {
  'orders-app': () => ({}),
  'password-app': () => ({ acr: 'urn:example:password', auth_time: now() }),
  'mfa-app': () => ({ acr: 'urn:example:mfa', auth_time: now() }),
  'old-login-app': () => ({ acr: 'urn:example:mfa', auth_time: now() - 3600 }),
  'admin-app': () => ({}),
};

const withoutUser = { response_types: [], redirect_uris: [] };

const application = (id) => ({
  ...withoutUser,
  client_id: id,
  client_secret: `${id}-secret`,
  grant_types: ['client_credentials'],
  scope: (id === 'admin-app' ? ADMIN_SCOPES : SCOPES).join(' '),
});

// The API itself, as a client that introspects tokens: once for each way to authenticate.
const api = (id, method, credentials) => ({
  ...withoutUser,
  client_id: id,
  token_endpoint_auth_method: method,
  grant_types: [],
  ...credentials,
});

const apis = (publicKey) => [
  api('orders-api', 'client_secret_basic', { client_secret: 'orders-api-secret' }),
  api('orders-api-post', 'client_secret_post', { client_secret: 'orders-api-post-secret' }),
  api('orders-api-jwt', 'private_key_jwt', { jwks: { keys: [publicKey] } }),
];

// `apiKey`: the public JWK of `orders-api-jwt`. `adapter`: where opaque tokens are kept.
export function configuration({ keys, apiKey, adapter, errors }) {
  return {
    adapter,
    jwks: { keys },
    clients: [...Object.keys(APPLICATIONS).map(application), ...apis(apiKey)],
    scopes: ADMIN_SCOPES,
    // `sub` is in every JWT (the client); here it is said of opaque tokens too.
    extraTokenClaims: (_, { clientId }) => ({ sub: clientId, ...APPLICATIONS[clientId]() }),
    ttl: { ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_, client) => client.clientId.startsWith('orders-api'),
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_, resource) {
          const found = resourceServer(resource);
          if (!found) throw new errors.InvalidTarget();
          return found;
        },
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_, client, token) => client.clientId === token.clientId,
      },
    },
  };
}
