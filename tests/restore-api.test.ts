import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../src/access/tokens.ts';
import { pageSchema } from '../src/api/page.ts';
import {
  restoreDetailSchema,
  restoreItemSchema,
  restoreItemsPageSchema,
  restoreSchema,
} from '../src/api/restores.ts';
import { startedRunSchema } from '../src/api/runs.ts';
import { runTypes } from '../src/app/run-types.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { createHttpApp } from '../src/http/create-http-app.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { DAY } from '../src/kernel/durations.ts';
import { type BackupId, runIdSchema } from '../src/kernel/ids.ts';
import { ApiClient } from './setup/api-fixture.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** A restore from its draft to its preview, over HTTP alone. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let api: ApiClient;
let path: string;
let backupId: BackupId;
const FILTER = 'Corporate iPads';

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  path = `/api/tenants/${acme.tenant.id}`;
  const { db, database, readKey } = story.world;
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const app = createHttpApp({ db, runTypes, log: silent, clock: systemClock, readKey });
  const { owner: userId } = acme.tenant;
  const expiresAt = new Date(Date.now() + DAY);
  const token = { userId, name: 'api', scopes: allCapabilities(), tenantIds: null, expiresAt };
  const { text } = await withOwner(database.ownerUrl, (owner) => createToken(owner, token));
  api = new ApiClient(app, text, userId);
  backupId = await acme.backsUp();
  const filter = await idOf(acme, 'assignmentFilters', FILTER);
  const { entra } = acme.tenant;
  await story.simulator.editObject(entra.id, 'assignmentFilters', filter, { rule: '(x)' });
});
afterAll(() => story.world.close());

async function makes(body: object = {}) {
  const source = { kind: 'backup', backupId };
  const selection = { types: ['assignmentFilter'] };
  const answer = await api.post(`${path}/restores`, { source, selection, ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.as(restoreDetailSchema);
}

async function previews(restoreId: string) {
  const answer = await api.post(`${path}/runs/restore.plan`, { restoreId });
  const { id } = answer.as(startedRunSchema);
  return story.world.ended(acme.tenant.id, runIdSchema.parse(id));
}

test('from a draft to a preview that says what it would do', async () => {
  const draft = await makes({ name: 'Put it back' });
  expect(draft).toMatchObject({
    name: 'Put it back',
    state: 'draft',
    counts: null,
    fingerprint: null,
    stale: [{ code: 'restore.not_previewed' }],
    options: { withAssignments: true, namePrefix: '', conditionalAccessState: 'disabled' },
  });
  expect(await previews(draft.id)).toMatchObject({ outcome: 'succeeded' });
  const restore = (await api.get(draft.links.self)).as(restoreDetailSchema);
  expect(restore).toMatchObject({ state: 'planned', stale: [], counts: { update: 1 } });
  expect(restore.fingerprint).toMatch(/^[0-9a-f]{64}$/);

  const page = (await api.get(`${draft.links.items}?action=update`)).as(restoreItemsPageSchema);
  expect(page.items).toHaveLength(1);
  expect(page.items[0]).toMatchObject({
    name: FILTER,
    typeTitle: 'Assignment filter',
    match: { kind: 'same_id' },
    differences: [{ label: 'Rule', kind: 'changed', before: '(x)' }],
    warnings: [{ code: 'restore.changed_since_backup', message: expect.stringMatching(/\.$/) }],
  });
  const listed = (await api.get(`${path}/restores`)).as(pageSchema(restoreSchema)).items;
  expect(listed.map(({ id }) => id)).toContain(draft.id);
});

test('pages of items follow each other in the order of writing', async () => {
  const draft = await makes({ selection: {} });
  await previews(draft.id);
  const found = [];
  let cursor = '';
  do {
    const page = (await api.get(`${draft.links.items}?limit=20${cursor}`)).as(
      pageSchema(restoreItemSchema),
    );
    found.push(...page.items.map(({ position }) => position));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual(Array.from({ length: found.length }, (_, at) => at + 1));
  expect(found.length).toBeGreaterThan(50);
});

test('an edit makes the preview stale, and says so', async () => {
  const draft = await makes();
  await previews(draft.id);
  const { items } = (await api.get(draft.links.items)).as(restoreItemsPageSchema);
  const [{ versionId } = { versionId: '' }] = items;
  const edit = await api.post(`${draft.links.self}/edit`, {
    choices: [{ versionId, choice: 'skip' }],
  });
  expect(edit.as(restoreDetailSchema)).toMatchObject({ stale: [{ code: 'restore.edited' }] });
});

test('one version of one policy can be brought back', async () => {
  const { items } = (await api.get(`${path}/backups/${backupId}/items?limit=200`)).as(
    pageSchema(restoreItemSchema.pick({ versionId: true, name: true })),
  );
  const versionIds = items.filter(({ name }) => name === FILTER).map((item) => item.versionId);
  const draft = await makes({ source: { kind: 'versions', versionIds }, selection: {} });
  await previews(draft.id);
  const restore = (await api.get(draft.links.self)).as(restoreDetailSchema);
  expect(restore.counts).toEqual({
    create: 0,
    update: 1,
    unchanged: 0,
    delete: 0,
    skip: 0,
    blocked: 0,
  });
  const edit = await api.post(`${draft.links.self}/edit`, { selection: { nameContains: 'a' } });
  expect(edit).toMatchObject({ status: 422, code: 'request.invalid' });
});

test.each([
  [
    'a choice about what is not in the source',
    { choices: [{ versionId: crypto.randomUUID(), choice: 'skip' }] },
    403,
  ],
  ['an unknown option', { options: { everything: true } }, 422],
  ['a mapping without a kind', { mapping: { 'just-an-id': 'x' } }, 422],
  ['a prefix of two lines', { options: { namePrefix: 'a\nb' } }, 422],
])('%s is refused', async (_what, edit, status) => {
  const draft = await makes();
  const answer = await api.post(`${draft.links.self}/edit`, edit);
  expect(answer.status, answer.text).toBe(status);
});

test('nothing chosen: the run says so', async () => {
  const draft = await makes({ selection: { nameContains: 'no such policy' } });
  const run = await previews(draft.id);
  expect(run).toMatchObject({ outcome: 'failed', code: 'restore.nothing_chosen' });
});

test('none of that wrote anything to Graph', async () => {
  expect(await acme.writes()).toBe(0);
});
