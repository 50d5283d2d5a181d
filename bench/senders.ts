import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import type { SimulatedTenant } from '../tests/setup/simulator.ts';
import type { Sender } from './replay.ts';
import { WRITES } from './write-use.ts';

/** A way to a simulated Graph with nothing of ours in between. */
export interface BareGraph {
  /** All at once, twenty to a batch: the quickest when nothing is limited. */
  readonly batched: Sender;
  /** One call after another, none batched: what a plain script does. */
  readonly oneByOne: Sender;
  /** Each call as soon as the tight limits let it pass; one that is refused ends the benchmark. */
  readonly paced: Sender;
  /** Writes as soon as the documented window lets them pass, reads at once; refusals as above. */
  readonly windowed: Sender;
  close(): Promise<void>;
}

/** Sockets: more than a backup ever has under way. */
const CONNECTIONS_MAX = 64;
const BATCH_SIZE_MAX = 20;
/** The simulator's tight limits; one call of the burst is kept back for the jitter of timers. */
const INTUNE = { perSecond: 20, burst: 49 };
const CONDITIONAL_ACCESS = { perSecond: 0.97, burst: 1 };

const tokenSchema = z.object({ access_token: z.string() });
const batchSchema = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown() })),
});

/** Signs in when the first call asks for it, as a backup does. */
export function openBareGraph(url: string, tenant: SimulatedTenant): BareGraph {
  const pool = new Pool(url, { connections: CONNECTIONS_MAX, pipelining: 1 });
  let signedIn: Promise<string> | undefined;

  const token = () => {
    signedIn ??= signIn(pool, tenant);
    return signedIn;
  };
  async function send(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${await token()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? null : JSON.stringify(body);
    const answer = await pool.request({ method, path, headers, body: sent });
    if (answer.statusCode === 200 || answer.statusCode === 201) return answer.body.json();
    await answer.body.dump();
    throw new Error(`${method} ${path}: ${answer.statusCode}`);
  }

  const post = (path: string, body: object) => send('POST', path, body);
  const plain: Sender = { get: (path) => send('GET', path), post };
  return {
    batched: { get: gatherBatches((parts) => sendBatch(post, parts)), post },
    oneByOne: oneAfterAnother(plain),
    paced: paceTightly(plain, token),
    windowed: paceWrites(plain, token),
    close: () => pool.close(),
  };
}

async function signIn(pool: Pool, tenant: SimulatedTenant): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const answer = await pool.request({
    method: 'POST',
    path: `/${tenant.id}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  return tokenSchema.parse(await answer.body.json()).access_token;
}

interface Part {
  readonly path: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What is asked for in one turn of the event loop goes together; lists go by themselves. */
function gatherBatches(sendParts: (parts: Part[]) => Promise<void>): Sender['get'] {
  let waiting: Part[] = [];
  return (path) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (waiting.length === 0) {
      setImmediate(() => {
        const parts = waiting;
        waiting = [];
        while (parts.length > 0) void sendParts(parts.splice(0, BATCH_SIZE_MAX));
      });
    }
    waiting.push({ path, resolve, reject });
    return promise;
  };
}

async function sendBatch(post: Sender['post'], parts: readonly Part[]): Promise<void> {
  try {
    const requests = parts.map(({ path }, index) => ({
      id: String(index),
      method: 'GET',
      url: path.replace(/^\/beta/, ''),
    }));
    const { responses } = batchSchema.parse(await post('/beta/$batch', { requests }));
    for (const { id, status, body } of responses) {
      const part = parts[Number(id)];
      if (status === 200) part?.resolve(body);
      else part?.reject(new Error(`${part.path}: ${status} in a batch`));
    }
  } catch (error) {
    for (const { reject } of parts) reject(error);
  }
}

function oneAfterAnother(next: Sender): Sender {
  let last: Promise<unknown> = Promise.resolve();
  const after = (work: () => Promise<unknown>): Promise<unknown> => {
    last = last.then(work);
    return last;
  };
  return {
    get: (path) => after(() => next.get(path)),
    post: (path, body) => after(() => next.post(path, body)),
  };
}

/** A call is paced when it could be sent: calls that wait for the token would leave all at once. */
function paceTightly(next: Sender, token: () => Promise<string>): Sender {
  const intune = keepRate(INTUNE.perSecond, INTUNE.burst);
  const conditionalAccess = keepRate(CONDITIONAL_ACCESS.perSecond, CONDITIONAL_ACCESS.burst);
  return {
    async get(path) {
      await token();
      await (path.includes('/conditionalAccess/') ? conditionalAccess : intune)();
      return next.get(path);
    },
    post: (path, body) => next.post(path, body),
  };
}

/** A token bucket; first come, first served. */
function keepRate(perSecond: number, burst: number): () => Promise<void> {
  const unitMs = 1_000 / perSecond;
  let fullAtMs = 0;
  return async () => {
    const nowMs = performance.now();
    fullAtMs = Math.max(fullAtMs, nowMs) + unitMs;
    const waitMs = fullAtMs - burst * unitMs - nowMs;
    if (waitMs > 0) await pause(waitMs);
  };
}

/** No write is let go before the hundredth before it has been answered for 20 s. */
function paceWrites(next: Sender, token: () => Promise<string>): Sender {
  const { requests, windowMs } = WRITES;
  const sent: Promise<number>[] = [];
  return {
    get: (path) => next.get(path),
    async post(path, body) {
      await token();
      const answered = Promise.withResolvers<number>();
      const before = sent.at(-requests);
      sent.push(answered.promise);
      if (before !== undefined) {
        await pause(Math.max(0, (await before) + windowMs - performance.now()));
      }
      try {
        return await next.post(path, body);
      } finally {
        answered.resolve(performance.now());
      }
    },
  };
}
