import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../src/access/tokens.ts';
import { groupSchema } from '../src/api/groups.ts';
import { pageSchema } from '../src/api/page.ts';
import { type RestoreReference, restoreMappingPageSchema } from '../src/api/restore-mapping.ts';
import { runTypes } from '../src/app/run-types.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { createHttpApp } from '../src/http/create-http-app.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { DAY } from '../src/kernel/durations.ts';
import type { RestoreId } from '../src/kernel/ids.ts';
import { syncGroups } from '../src/policies/groups/sync-groups.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { ApiClient } from './setup/api-fixture.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What a restore refers to, what that means here, and what it could mean: over HTTP alone. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let api: ApiClient;
let path: string;
let entra: string;
const NAME = 'For several groups';
const kept = crypto.randomUUID();
const lost = crypto.randomUUID();

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  path = `/api/tenants/${acme.tenant.id}`;
  api = await openApi();
});
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

async function openApi(): Promise<ApiClient> {
  const { db, database, readKey } = story.world;
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const app = createHttpApp({ db, runTypes, log: silent, clock: systemClock, readKey });
  const { owner: userId } = acme.tenant;
  const expiresAt = new Date(Date.now() + DAY);
  const token = { userId, name: 'api', scopes: allCapabilities(), tenantIds: null, expiresAt };
  const { text } = await withOwner(database.ownerUrl, (owner) => createToken(owner, token));
  return new ApiClient(app, text, userId);
}

const hasGroup = (id: string, displayName: string, rest = {}) =>
  story.simulator.addObject(entra, 'groups', id, { displayName, ...rest });
const syncs = () => story.world.runs(acme.tenant, syncGroups, {});

/** Two policies for a group that stays and one that goes, backed up and restored. */
async function hasRestore(): Promise<RestoreId> {
  await hasGroup(kept, 'Stays');
  await hasGroup(lost, 'SG-Lost');
  const filter = await idOf(acme, 'assignmentFilters', 'Corporate iPads');
  const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget' };
  for (const name of [NAME, `${NAME}, too`]) {
    const id = crypto.randomUUID();
    await story.simulator.addObject(entra, 'deviceConfigurations', id, {
      displayName: name,
      '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
      assignments: [kept, lost].map((groupId, at) => ({
        id: `${id}_${at}`,
        target: {
          ...target,
          groupId,
          deviceAndAppManagementAssignmentFilterId: filter,
          deviceAndAppManagementAssignmentFilterType: 'include',
        },
      })),
    });
  }
  await syncs();
  const backup = await acme.backsUp();
  await story.simulator.removeObject(entra, 'groups', lost);
  await syncs();
  return acme.previewsBackup(backup, { selection: { nameContains: NAME } });
}

async function mapping(id: RestoreId, query = ''): Promise<readonly RestoreReference[]> {
  const answer = await api.get(`${path}/restores/${id}/mapping${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.as(restoreMappingPageSchema).items;
}

async function lostOne(id: RestoreId): Promise<RestoreReference | undefined> {
  return (await mapping(id)).find(({ sourceId }) => sourceId === lost);
}

let id: RestoreId;

test('each reference is told once: what it is, what it means here, who needs it', async () => {
  id = await hasRestore();
  const filter = await idOf(acme, 'assignmentFilters', 'Corporate iPads');
  const references = await mapping(id);
  expect(references).toHaveLength(3);
  expect(references.find(({ sourceId }) => sourceId === kept)).toMatchObject({
    kind: 'group',
    sourceName: 'Stays',
    how: 'same_id',
    mappedTo: { id: kept, name: 'Stays' },
    items: 2,
  });
  expect(references.find(({ kind }) => kind === 'assignmentFilter')).toMatchObject({
    sourceId: filter,
    how: 'same_id',
    mappedTo: { name: 'Corporate iPads' },
  });
  const nothing = { sourceName: 'SG-Lost', how: 'nothing', mappedTo: null, candidates: [] };
  expect(await lostOne(id)).toMatchObject(nothing);
  expect(await mapping(id, '?how=nothing')).toHaveLength(1);
  const first = await api.get(`${path}/restores/${id}/mapping?limit=2`);
  const { nextCursor, items } = first.as(restoreMappingPageSchema);
  const second = await mapping(id, `?limit=2&cursor=${nextCursor}`);
  expect([...items, ...second]).toEqual(references);
});

test('groups that could be meant are offered once they are synced, and only offered', async () => {
  const ids = Array.from({ length: 4 }, () => crypto.randomUUID());
  const [exact = '', upper = '', longer = '', prefixed = ''] = ids;
  await hasGroup(longer, 'sg-lost and found');
  await hasGroup(prefixed, 'ACME SG-Lost');
  await hasGroup(upper, 'SG-LOST');
  await hasGroup(crypto.randomUUID(), 'SG-Lost', { securityEnabled: false, mailEnabled: true });
  await hasGroup(crypto.randomUUID(), 'Foreign');
  await syncs();
  const offered = async () => (await lostOne(id))?.candidates.map((candidate) => candidate.id);
  expect(await offered()).toEqual([upper, prefixed, longer]);
  await hasGroup(exact, 'SG-Lost');
  await syncs();
  expect(await offered()).toEqual([exact, upper, prefixed, longer]);
  expect(await lostOne(id)).toMatchObject({ how: 'nothing' });
  await story.simulator.removeObject(entra, 'groups', exact);
  await syncs();
  expect(await offered()).toEqual([upper, prefixed, longer]);
});

test('what is mapped by hand is shown at once, and then what a preview makes of it', async () => {
  const [chosen] = (await lostOne(id))?.candidates ?? [];
  if (chosen === undefined) throw new Error('there was a candidate');
  await acme.edits(id, { mapping: { [`group:${lost.toUpperCase()}`]: chosen.id } });
  const byHand = { how: 'by_hand', mappedTo: { id: chosen.id, name: chosen.name } };
  expect(await lostOne(id)).toMatchObject(byHand);
  await acme.edits(id, { mapping: { [`group:${lost}`]: chosen.id } });
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject(byHand);
  await acme.edits(id, { mapping: { [`group:${lost}`]: crypto.randomUUID() } });
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject({ how: 'nothing', mappedTo: null });
});

test('a group that would be made has no id yet', async () => {
  const options = restoreOptionsSchema.parse({ createGroups: [kept, lost] });
  const upper = await idOf(acme, 'groups', 'SG-LOST');
  await acme.edits(id, { mapping: {}, options });
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject({ how: 'same_name', mappedTo: { id: upper } });
  // A distribution list of the name is left: nothing could be assigned to it.
  await story.simulator.removeObject(entra, 'groups', upper);
  await syncs();
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject({ how: 'new_group', mappedTo: null, items: 2 });
  const page = await api.get(`${path}/restores/${id}/items`);
  expect(page.text).toContain('restore.group_created');
  // people know the group by what the source called it
  expect(page.json()).toMatchObject({ groupNames: { [lost]: 'SG-Lost' } });
});

test('what a person left out stays so; an item that is left out asks nothing', async () => {
  await acme.edits(id, { mapping: { [`group:${lost}`]: null } });
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject({ how: 'by_hand', mappedTo: null });
  const [first] = await acme.items(id);
  const choice = { versionId: first?.version_id ?? '', choice: 'skip' as const, graphId: null };
  await acme.edits(id, { choices: [choice] });
  await acme.previews(id);
  expect(await lostOne(id)).toMatchObject({ items: 1 });
});

test('the groups of a tenant are a list, by name, and a part of a name finds them', async () => {
  const list = async (query: string) => {
    const answer = await api.get(`${path}/groups?${query}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.as(pageSchema(groupSchema)).items;
  };
  const all = await list('missing=false&limit=200');
  const there = await story.simulator.objects(entra, 'groups');
  expect(all.map((group) => group.id).sort()).toEqual(there.map((group) => group.id).sort());
  expect(await list('missing=true')).toContainEqual(expect.objectContaining({ id: lost }));
  const found = await list('nameContains=AUTOPILOT');
  expect(found).toMatchObject([
    { name: 'DG-Autopilot-Devices', kind: 'security', membershipRule: expect.any(String) },
  ]);
});
