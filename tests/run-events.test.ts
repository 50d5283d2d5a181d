import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { removeMember } from '../src/access/members.ts';
import { runEventSchema } from '../src/api/run-events.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { createHttpApp } from '../src/http/create-http-app.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { RunChanges } from '../src/runs/run-changes.ts';
import { RunTypes } from '../src/runs/run-types.ts';
import { type ApiClient, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { userOf } from './setup/matrix-world.ts';
import { testRunTypes } from './setup/test-run-types.ts';

let world: ApiWorld;
let changes: RunChanges;
let app: ReturnType<typeof createHttpApp>;
const troubles: unknown[] = [];
beforeAll(async () => {
  world = await setupApi();
  changes = new RunChanges(world.database.loginUrl, (error) => troubles.push(error));
  changes.start();
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  app = createHttpApp({
    db: world.db,
    runTypes: new RunTypes(testRunTypes),
    log: silent,
    clock: systemClock,
    readKey: () => Promise.reject(new Error('nothing is sealed here')),
    changes,
  });
});
afterAll(async () => {
  await changes.close();
  await world.close();
});

const startedSchema = z.object({ id: z.string() });

/** A stream that is being read; what it told so far can be waited for. */
class Listening {
  told = '';
  isClosed = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    void this.#read();
  }

  static async to(client: ApiClient): Promise<Listening> {
    const answer = await app.request('/api/events', { headers: client.authorization() });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    if (answer.body === null) throw new Error('there is no stream');
    return new Listening(answer.body);
  }

  events() {
    const told = [...this.told.matchAll(/^event: run\nid: (\d+)\ndata: (.*)$/gm)];
    return told.map(([, eventId, data]) => {
      const event = runEventSchema.parse(JSON.parse(data ?? ''));
      expect(eventId).toBe(event.revision);
      return event;
    });
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.told, { timeout: 5_000 }).toContain(text);
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      this.told += decoder.decode(value, { stream: true });
    }
    this.isClosed = true;
  }
}

async function starts(client: ApiClient, path = world.acme.path): Promise<string> {
  const answer = await client.post(`${path}/runs/test.note`, { book: crypto.randomUUID() });
  return answer.as(startedSchema).id;
}

test('what is live is told first, then each change, with the revision as its id', async () => {
  const client = world.acme.as('operator');
  const before = await starts(client);
  const listening = await Listening.to(client);
  await listening.hears('event: ready');
  expect(listening.events()).toContainEqual(
    expect.objectContaining({ tenantId: world.acme.id, type: 'test.note', phase: 'queued' }),
  );
  const after = await starts(client);
  await listening.hears(after);
  await client.post(`${world.acme.path}/runs/${after}/cancel`, {});
  await expect
    .poll(() => listening.events().findLast(({ id }) => id === after)?.phase)
    .toBe('ended');
  const revisions = listening
    .events()
    .filter(({ id }) => id === after)
    .map(({ revision }) => Number(revision));
  expect(revisions).toEqual(revisions.toSorted((one, other) => one - other));
  expect(listening.told).toContain(before);
  await listening.close();
});

test('of other tenants nothing is told, nor of one that one was removed from', async () => {
  const member = await world.acme.hasMember('operator');
  const listening = await Listening.to(member);
  await listening.hears('event: ready');
  const foreign = await starts(world.globex.as('owner'), world.globex.path);
  const own = await starts(world.acme.as('owner'));
  await listening.hears(own);
  await inTenant(world.db, world.acme.id, (tx) => removeMember(tx, SYSTEM_ACTOR, userOf(member)));
  const later = await starts(world.acme.as('owner'));
  const witness = await Listening.to(world.acme.as('owner'));
  await witness.hears(later);
  await witness.close();
  expect(listening.told).not.toContain(foreign);
  expect(listening.told).not.toContain(later);
  await listening.close();
});

test('a stream ends within two seconds of its session, and with the process', async () => {
  const browser = await world.acme.as('manager').inBrowser(world.db);
  const listening = await Listening.to(browser);
  await listening.hears('event: ready');
  await browser.post('/api/session/sign-out', {});
  await expect.poll(() => listening.isClosed, { timeout: 2_000 }).toBe(true);
});

test('when the listening connection breaks, all is told anew over another', async () => {
  const client = world.acme.as('readonly');
  const listening = await Listening.to(client);
  await listening.hears('event: ready');
  await world.asAdmin(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'tenantatlas-events' and datname = current_database()`,
  );
  await expect
    .poll(() => listening.told.split('event: ready').length - 1, { timeout: 5_000 })
    .toBeGreaterThan(1);
  const after = await starts(world.acme.as('operator'));
  await listening.hears(after);
  expect(troubles.length).toBeGreaterThan(0);
  await listening.close();
});

test('many changes of one run are told as few', async () => {
  const client = world.acme.as('operator');
  const run = await starts(client);
  const listening = await Listening.to(client);
  await listening.hears('event: ready');
  const told = () => listening.events().filter(({ id }) => id === run).length;
  const before = told();
  for (let change = 1; change <= 100; change++) {
    await world.asAdmin('update runs set revision = revision + 1 where id = $1', [run]);
  }
  await world.asAdmin('update runs set revision = 5000 where id = $1', [run]);
  await listening.hears('"revision":"5000"');
  expect(told() - before).toBeLessThan(20);
  await listening.close();
});

test('an eleventh window of one person is told to ask from time to time', async () => {
  const client = world.globex.as('manager');
  const windows = [];
  for (let count = 1; count <= 10; count++) windows.push(await Listening.to(client));
  const one = await app.request('/api/events', { headers: client.authorization() });
  expect(await one.json()).toMatchObject({ code: 'events.too_many' });
  await windows[0]?.close();
  const again = await app.request('/api/events', { headers: client.authorization() });
  expect(again.status).toBe(200);
  await again.body?.cancel();
  for (const window of windows.slice(1)) await window.close();
});
