// What tests do to the provider, on a port of its own:
//
//   POST   /keys/rotate?alg=ES256     new signing keys (without `alg`: all); the old ones stay published
//   POST   /keys/withdraw             the old ones are gone
//   GET    /counters                  for each endpoint: requests, how many wait now, bytes that were sent
//   DELETE /counters                  from nought
//   PUT    /faults/<endpoint>/<mode>  how discovery, jwks, introspection, revocation or token answers from now on
//   DELETE /faults                    as it should
//   POST   /stop, /start              no connection is accepted; the port is served again
//
// Modes: error (500), garbage, huge (100 MB of white space before the answer), drip (a byte a second), redirect
// (307 to another origin that gives the right answer, counted as `elsewhere`), hang (until the fault is removed,
// then the right answer).

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { ALGORITHMS, rotated, withdrawn } from './keys.mjs';

const ENDPOINTS = {
  '/.well-known/oauth-authorization-server': 'discovery',
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/token': 'token',
  '/token/introspection': 'introspection',
  '/token/revocation': 'revocation',
};
const NAMES = new Set(Object.values(ENDPOINTS));

const path = (url) => new URL(url, 'http://localhost').pathname;
const endpoint = (url) => ENDPOINTS[path(url)] ?? 'other';

// Koa ends a response with one call, before which no header has been sent.
function resend(response, chunks) {
  response.end = (body) => {
    delete response.end;
    response.removeHeader('Content-Length');
    pipeline(Readable.from(chunks(Buffer.from(body))), response).catch(() => {}); // the client hung up
    return response;
  };
}

async function* padded(body) {
  const blank = Buffer.alloc(1_000_000, ' ');
  for (let i = 0; i < 100; i += 1) yield blank;
  yield body;
}

async function* dripping(body) {
  for (const byte of body) {
    yield Buffer.of(byte);
    await sleep(1000);
  }
}

// Each answers, or leaves it to the provider by returning true.
const MODES = {
  error: (_, response) => void response.writeHead(500).end('{"error": "server_error"}'),
  garbage: (_, response) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(Buffer.from('{"keys": [\0\xff<', 'latin1')),
  huge: (_, response) => (resend(response, padded), true),
  drip: (_, response) => (resend(response, dripping), true),
  redirect: (request, response, control) =>
    void response.writeHead(307, { Location: `${control.origin}/elsewhere${request.url}` }).end(),
  hang: (_, response, control) => control.released(response),
};

export class Control {
  #server;
  #port;
  #keys;
  #publish;
  #answer;
  #counters = {};
  #faults = new Map();
  #held = new Set();

  constructor({ server, keys, publish, answer }) {
    this.#server = server;
    this.#port = server.address();
    this.#keys = keys;
    this.#publish = publish;
    this.#answer = answer;
  }

  // Between the network and the provider.
  async intercept(request, response) {
    const name = endpoint(request.url);
    this.#count(name, request, response);
    const fault = MODES[this.#faults.get(name)];
    if (!fault || (await fault(request, response, this))) this.#answer(request, response);
  }

  // True once the faults have changed, false if the client gave up before.
  released(response) {
    return new Promise((resolve) => {
      this.#held.add(resolve);
      response.on('close', () => {
        this.#held.delete(resolve);
        resolve(false);
      });
    });
  }

  // The control port.
  async serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    if (pathname.startsWith('/elsewhere/')) {
      this.#count('elsewhere', request, response);
      request.url = request.url.slice('/elsewhere'.length);
      this.#answer(request, response);
      return;
    }
    const [status, body] = await this.#command(request.method, pathname, searchParams);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  }

  async #command(method, pathname, parameters) {
    const [, subject, ...rest] = pathname.split('/');
    switch (`${method} ${subject}`) {
      case 'POST keys':
        return this.#turnKeys(rest[0], parameters.getAll('alg'));
      case 'GET counters':
        return [200, this.#counters];
      case 'DELETE counters':
        this.#counters = {};
        return [200, {}];
      case 'PUT faults':
        return this.#setFault(...rest);
      case 'DELETE faults':
        this.#faults.clear();
        this.#release();
        return [200, {}];
      case 'POST stop':
        if (this.#server.listening) await this.#stop();
        return [200, {}];
      case 'POST start':
        if (!this.#server.listening) await this.#start();
        return [200, {}];
      default:
        return [404, { error: 'the commands are listed in control.mjs' }];
    }
  }

  async #stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #start() {
    this.#server.listen(this.#port);
    await once(this.#server, 'listening');
  }

  async #turnKeys(how, algorithms) {
    if (algorithms.some((alg) => !ALGORITHMS.includes(alg))) {
      return [400, { error: `alg must be one of ${ALGORITHMS.join(', ')}` }];
    }
    switch (how) {
      case 'rotate':
        this.#publish(await rotated(this.#keys(), algorithms.length ? algorithms : ALGORITHMS));
        return [200, {}];
      case 'withdraw':
        this.#publish(withdrawn(this.#keys()));
        return [200, {}];
      default:
        return [404, { error: 'keys are rotated or withdrawn' }];
    }
  }

  #setFault(name, mode) {
    if (!NAMES.has(name)) return [400, { error: `the endpoints are ${[...NAMES].join(', ')}` }];
    if (!Object.hasOwn(MODES, mode)) return [400, { error: `the modes are ${Object.keys(MODES).join(', ')}` }];
    this.#faults.set(name, mode);
    this.#release();
    return [200, {}];
  }

  #release() {
    for (const resolve of this.#held) resolve(true);
    this.#held.clear();
  }

  #count(name, request, response) {
    const counter = (this.#counters[name] ??= { requests: 0, waiting: 0, bytes: 0 });
    counter.requests += 1;
    counter.waiting += 1;
    const { socket } = request;
    const before = socket.bytesWritten;
    response.on('close', () => {
      counter.waiting -= 1;
      counter.bytes += socket.bytesWritten - before;
    });
  }
}
