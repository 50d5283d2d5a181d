import { afterAll, beforeAll, expect, test } from 'vitest';
import { canaryText, dumpTables, findCanaries } from './setup/canaries.ts';
import { SecretStory } from './setup/secret-story.ts';

/**
 * Goal: no secret of ours and no word of another system gets out of its place. Method: each is a
 * canary; everything is run, also what fails, and then all that was stored, logged or answered is
 * searched for them in every way of writing. Policy bodies are customers' data: a canary inside one
 * is allowed in its snapshot, and where the API is asked for bodies and their differences.
 */
let story: SecretStory;
let dump: ReadonlyMap<string, string>;
let everything: string;

beforeAll(async () => {
  story = await SecretStory.open();
  await story.runAll();
  await story.misuseApi();
  await story.readEveryPage();
  await story.readDamagedBody();
  dump = await dumpTables((statement) => story.asAdmin(statement));
  everything = [...dump.values()].join('\n');
}, 240_000);
afterAll(() => story?.close());

test('the story has succeeded, failed, been refused and been logged', async () => {
  expect(story.outcomes).toEqual(
    expect.arrayContaining(['succeeded', 'partial', 'failed', 'cancelled']),
  );
  expect(new Set(story.answers.map(({ status }) => status))).toEqual(
    new Set([200, 201, 400, 401, 403, 404, 409, 422, 500]),
  );
  const hasLogged = (words: string) => story.logged.some((line) => line.includes(words));
  expect(['graph called', 'a request failed'].filter((words) => !hasLogged(words))).toEqual([]);
  // The faults with the canaries in them have been met, and told by their codes.
  const items = dump.get('public.run_items') ?? '';
  const codes = ['graph.refused', 'graph.permission_missing', 'graph.sign_in_failed'];
  expect(codes.filter((code) => !items.includes(code))).toEqual([]);
  expect(await story.unmetFaults()).toEqual([]);
});

test('the entered value is kept, sealed, and its preview holds a marker', () => {
  expect(dump.get('public.restore_secrets')).toBeTruthy();
  const marker = Buffer.from('restore-secret:').toString('hex');
  expect(dump.get('public.restore_items')).toContain(marker);
});

test('nothing of it is in the database, the sealed columns included', () => {
  const connections = dump.get('public.connections') ?? '';
  expect(story.tenants.every(({ connectionId }) => connections.includes(connectionId))).toBe(true);
  expect(dump.get('public.api_tokens')).toBeTruthy();
  expect(findCanaries(everything, story.canaries)).toEqual([]);
});

test('nothing of it is in the log, at its most talkative', () => {
  expect(findCanaries(story.logged.join(''), story.canaries)).toEqual([]);
});

test('nothing of it is in an answer of the API, also not in a refusal', () => {
  const answered = story.answers.map(({ text, headers }) => `${headers}\n${text}`).join('\n');
  expect(findCanaries(answered, story.canaries)).toEqual([]);
});

test('no access token of Graph is anywhere', () => {
  const jwt = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}/;
  for (const text of [everything, story.logged.join(''), JSON.stringify(story.answers)]) {
    expect(jwt.exec(text)).toBeNull();
  }
});

test('what only a policy body holds is in snapshots, and nowhere else', () => {
  const { bodyCanary } = story;
  expect(findCanaries(dump.get('public.snapshots') ?? '', [bodyCanary])).toEqual([
    `${bodyCanary.name} as hex`,
  ]);
  for (const [table, text] of dump) {
    if (table !== 'public.snapshots') expect(findCanaries(text, [bodyCanary]), table).toEqual([]);
  }
  expect(findCanaries(story.logged.join(''), [bodyCanary])).toEqual([]);
  const others = story.answers.filter(({ showsBodies }) => !showsBodies);
  expect(findCanaries(others.map(({ text }) => text).join('\n'), [bodyCanary])).toEqual([]);
  // The search would have seen it: where it may be, it is.
  const bodies = story.answers.filter(({ showsBodies }) => showsBodies);
  expect(findCanaries(bodies.map(({ text }) => text).join('\n'), [bodyCanary])).not.toEqual([]);
});

test('the search sees what the database holds: a planted secret is found', async () => {
  const planted = { name: 'planted', value: canaryText('planted') };
  await story.asAdmin(`insert into tenants (id, name) values (gen_random_uuid(), $1)`, [
    planted.value,
  ]);
  const tables = await dumpTables((statement) => story.asAdmin(statement));
  expect(findCanaries(tables.get('public.tenants') ?? '', [planted])).not.toEqual([]);
});
