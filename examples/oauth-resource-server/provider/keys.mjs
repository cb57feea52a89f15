// The signing keys. For each algorithm the first key signs; those behind it are published, no more.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

const KINDS = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  ES384: ['ec', { namedCurve: 'P-384' }],
  EdDSA: ['ed25519', {}],
};

export const ALGORITHMS = Object.keys(KINDS);

// A private JWK. Its `kid` is the thumbprint, which oidc-provider adds.
async function newKey(alg) {
  const { privateKey } = await generate(...KINDS[alg]);
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig' };
}

export const newKeys = (algorithms = ALGORITHMS) => Promise.all(algorithms.map(newKey));

// Keys that sign from now on, before those that did.
export const rotated = async (keys, algorithms) => [...(await newKeys(algorithms)), ...keys];

// Without the keys that do not sign any more.
export const withdrawn = (keys) =>
  ALGORITHMS.map((alg) => keys.find((key) => key.alg === alg));
