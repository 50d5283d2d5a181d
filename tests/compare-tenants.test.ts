import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMember, changeMember } from '../src/access/members.ts';
import type { Principal } from '../src/access/principal.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { compareTenants } from '../src/comparisons/compare-tenants.ts';
import { copyIntoComparison } from '../src/comparisons/copying/copy-into-comparison.ts';
import { createComparison } from '../src/comparisons/copying/create-comparison.ts';
import { requireComparison } from '../src/comparisons/find-comparison.ts';
import { allCapabilities, type Capability } from '../src/kernel/capabilities.ts';
import {
  type ComparisonId,
  newId,
  tenantIdSchema,
  tokenIdSchema,
  versionIdSchema,
} from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What one tenant has and another has not: by name, and with a right in each. */
let story: RestoreWorld;
let source: RestoreVerbs;
let target: RestoreVerbs;
let theirs: readonly { id: string; name: string; policy_id: string }[];
const TWICE = 'Countries we work in';
const CHANGED = 'iOS - Compliance';

beforeAll(async () => {
  story = await setupRestores({ tenants: 2 });
  [source, target] = [story.acme, story.tenants[1] ?? story.acme];
  const { id: entra } = target.tenant.entra;
  const [location] = (await story.simulator.objects(entra, 'namedLocations')).filter(
    ({ name }) => name === TWICE,
  );
  if (location === undefined) throw new Error(`no ${TWICE}`);
  const second = crypto.randomUUID();
  await story.simulator.addObject(entra, 'namedLocations', second, {
    ...location.object,
    id: second,
  });
  const changed = await idOf(target, 'deviceCompliancePolicies', CHANGED);
  const changes = { description: 'ours' };
  await story.simulator.editObject(entra, 'deviceCompliancePolicies', changed, changes);
  await source.backsUp();
  await target.backsUp();
  theirs = await source.inTenant(({ db }) =>
    db.selectFrom('policy_versions').select(['id', 'name', 'policy_id']).execute(),
  );
  const member = { userId: source.tenant.owner, role: 'operator' } as const;
  await target.inTenant((tx) => addMember(tx, SYSTEM_ACTOR, member));
});
afterAll(async () => {
  for (const tenant of [source, target]) expect(await tenant.writes()).toBe(0);
  await story.world.close();
});

function caller(scopes: readonly Capability[] = allCapabilities()): Principal {
  const token = {
    via: { kind: 'token', id: newId(tokenIdSchema), name: 'a token' } as const,
    scopes,
    tenantIds: null,
  };
  return { userId: source.tenant.owner, userName: 'Ada', isAdmin: false, ...token };
}

const ACTOR = { kind: 'user', id: null, label: 'Ada' } as const;
type Copying = Parameters<typeof copyIntoComparison>[3];

function copies(comparisonId: ComparisonId, change: Partial<Copying> = {}, who = caller()) {
  return copyIntoComparison(story.world.db, who, ACTOR, {
    fromTenantId: source.tenant.id,
    versionIds: theirs.map(({ id }) => id),
    tenantId: target.tenant.id,
    comparisonId,
    ...change,
  });
}

const draft = (ours: Parameters<typeof createComparison>[2] = {}) =>
  target.inTenant((tx) => createComparison(tx, ACTOR, ours));

async function compares(comparisonId: ComparisonId) {
  const run = await story.world.runs(target.tenant, compareTenants, { comparisonId });
  const comparison = await target.inTenant((tx) => requireComparison(tx, comparisonId));
  const items = await target.inTenant(({ db }) =>
    db
      .selectFrom('comparison_items')
      .selectAll()
      .where('comparison_id', '=', comparisonId)
      .execute(),
  );
  return { run, comparison, items };
}

test('policies are paired by type and name, and what they refer to by name', async () => {
  const id = await draft();
  const { length } = theirs;
  expect(await copies(id)).toEqual({ copied: length, present: 0 });
  expect(await copies(id)).toEqual({ copied: 0, present: length });
  const { run, comparison, items } = await compares(id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, graph_calls: 0 });
  expect(comparison).toMatchObject({
    state: 'complete',
    from_tenant_id: source.tenant.id,
    before_label: source.tenant.entra.name,
    after_label: target.tenant.entra.name,
  });
  const kindsOf = (name: string) =>
    items.filter((item) => item.name === name).map(({ kind }) => kind);
  expect(kindsOf(TWICE)).toEqual(['ambiguous', 'ambiguous', 'ambiguous']);
  expect(kindsOf('CA004 - Block other countries')).toEqual(['left_out']);
  const changed = items.find(({ name }) => name === CHANGED);
  expect(changed?.kind).toBe('changed');
  const texts = JSON.stringify(changed?.differences);
  expect(texts).toContain('"after":"ours"');
  // Assigned to groups of the same names, whose ids are others: no difference.
  const assigned = items.filter(({ kind, name }) => kind === 'unchanged' && name !== TWICE);
  expect(await namesOfAssigned(assigned.map(({ after_hash }) => after_hash))).not.toEqual([]);
  const bodiless = items.filter(({ kind }) => kind === 'new' || kind === 'left_out');
  expect(bodiless.every(({ difference_count }) => difference_count === 0)).toBe(true);
  const sum = Object.values(comparison.counts ?? {}).reduce<number>(
    (n, count) => n + Number(count),
    0,
  );
  expect(sum).toBe(items.length);
});

/** Which of these bodies are assigned to a group. */
async function namesOfAssigned(hashes: readonly (Buffer | null)[]): Promise<string[]> {
  const rows = await target.inTenant(({ db }) =>
    db
      .selectFrom('policy_versions')
      .select(['name', 'group_ids'])
      .where(
        'content_hash',
        'in',
        hashes.filter((hash) => hash !== null),
      )
      .execute(),
  );
  return rows.filter(({ group_ids }) => group_ids.length > 0).map(({ name }) => name);
}

test('no id of the other tenant is told as a difference where its name is known', async () => {
  const id = await draft();
  await copies(id);
  const { items } = await compares(id);
  const groups = await story.simulator.objects(source.tenant.entra.id, 'groups');
  const told = JSON.stringify(items.map(({ differences }) => differences));
  expect(groups.filter((group) => told.includes(group.id)).map(({ name }) => name)).toEqual([]);
});

test('run again it says the same; what it held before is forgotten', async () => {
  const id = await draft();
  await copies(id);
  const once = await compares(id);
  const twice = await compares(id);
  expect(twice.comparison.counts).toEqual(once.comparison.counts);
  expect(twice.items).toHaveLength(once.items.length);
});

test('one version with one of another name, policies for their latest version', async () => {
  const [own] = await target.inTenant(({ db }) =>
    db.selectFrom('policy_versions').select(['id', 'name']).where('name', '=', CHANGED).execute(),
  );
  const other = theirs.find(({ name }) => name === 'Windows - Compliance');
  const id = await draft({ versionId: versionIdSchema.parse(own?.id) });
  const chosen = { versionIds: [], policyIds: [other?.policy_id ?? ''] };
  expect(await copies(id, chosen)).toEqual({ copied: 1, present: 0 });
  const { comparison, items } = await compares(id);
  expect(comparison.counts).toMatchObject({ changed: 1, new: 0, left_out: 0 });
  expect(JSON.stringify(items[0]?.differences)).toContain('Windows - Compliance');
});

test('both audits tell of it', async () => {
  const id = await draft();
  await copies(id);
  const deeds = (verbs: RestoreVerbs, action: string) =>
    verbs.inTenant(({ db }) =>
      db.selectFrom('audit_entries').selectAll().where('action', '=', action).execute(),
    );
  const exported = await deeds(source, 'versions.exported');
  expect(exported.at(-1)?.details).toMatchObject({ toTenantId: target.tenant.id });
  const copied = await deeds(target, 'comparison.versions_copied');
  expect(copied.at(-1)).toMatchObject({
    subject_id: id,
    details: { fromTenantId: source.tenant.id, copied: theirs.length },
  });
  const created = await deeds(target, 'comparison.created');
  expect(created.at(-1)).toMatchObject({ subject_id: id });
});

test('each right is asked for in its own tenant', async () => {
  const id = await draft();
  await expect(copies(id, {}, caller(['backups:create']))).rejects.toMatchObject({
    code: 'capability.missing',
    details: { capability: 'backups:export' },
  });
  await expect(copies(id, {}, caller(['backups:export']))).rejects.toMatchObject({
    code: 'capability.missing',
    details: { capability: 'backups:create' },
  });
  const member = { userId: source.tenant.owner } as const;
  const hasRole = (role: 'readonly' | 'operator') =>
    target.inTenant((tx) => changeMember(tx, SYSTEM_ACTOR, { ...member, role }));
  await hasRole('readonly');
  await expect(copies(id)).rejects.toMatchObject({ code: 'capability.missing' });
  await hasRole('operator');
});

test('foreign, absent: nothing tells them apart', async () => {
  const id = await draft();
  const absent = newId(tenantIdSchema);
  const [own] = await target.inTenant(({ db }) =>
    db.selectFrom('policy_versions').select(['id', 'policy_id']).limit(1).execute(),
  );
  for (const change of [
    { fromTenantId: absent },
    { versionIds: [absent] },
    { versionIds: [own?.id ?? ''] },
    { versionIds: [], policyIds: [absent] },
    { versionIds: [], policyIds: [own?.policy_id ?? ''] },
  ]) {
    await expect(copies(id, change)).rejects.toMatchObject({ code: 'forbidden' });
  }
  const foreign = await source.inTenant((tx) => createComparison(tx, ACTOR, {}));
  await expect(copies(foreign)).rejects.toMatchObject({ code: 'forbidden' });
});

test('of one other tenant, and only before it is started', async () => {
  const id = await draft();
  const { run } = await compares(id);
  expect(run).toMatchObject({ outcome: 'failed', code: 'comparison.nothing_copied' });
  await copies(id);
  await target.inTenant((tx) =>
    tx.db
      .updateTable('comparisons')
      .set({ from_tenant_id: newId(tenantIdSchema) })
      .where('id', '=', id)
      .execute(),
  );
  await expect(copies(id)).rejects.toMatchObject({ code: 'comparison.other_tenant' });
  await target.inTenant((tx) =>
    tx.db
      .updateTable('comparisons')
      .set({ from_tenant_id: source.tenant.id })
      .where('id', '=', id)
      .execute(),
  );
  await compares(id);
  await expect(copies(id)).rejects.toMatchObject({ code: 'comparison.started' });
});

test('drafts that nobody starts go after a day', async () => {
  const old = await draft();
  await copies(old);
  await story.world.asAdmin(
    `update comparisons set created_at = now() - interval '25 hours' where id = '${old}'`,
  );
  await draft();
  await expect(target.inTenant((tx) => requireComparison(tx, old))).rejects.toMatchObject({
    code: 'forbidden',
  });
});
