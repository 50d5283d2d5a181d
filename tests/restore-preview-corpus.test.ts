import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POLICY_TYPES } from '../src/graph/contracts/list.ts';
import type { BackupId } from '../src/kernel/ids.ts';
import { CORPUS, hasCorpus } from './setup/corpus.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';

/** Hundreds of real exports, previewed over themselves and into the void. */
describe.runIf(hasCorpus)('with the corpus', () => {
  let story: RestoreWorld;
  let acme: RestoreVerbs;
  let backup: BackupId;

  beforeAll(async () => {
    story = await setupRestores({ corpus: CORPUS, tenants: 1 });
    ({ acme } = story);
    backup = await acme.backsUp();
  });
  afterAll(() => story.world.close());

  test('nothing of an unchanged tenant would be written', async () => {
    const id = await acme.previewsBackup(backup);
    const { item_counts } = await acme.restore(id);
    const odd = (await acme.items(id)).filter(({ action }) => action !== 'unchanged');
    expect(odd.map(({ name, action, code }) => `${name} ${action} ${code}`)).toEqual([]);
    expect(item_counts?.unchanged).toBeGreaterThan(300);
    expect(await acme.isFresh(id)).toBe(true);
    expect(await acme.writes()).toBe(0);
  });

  // Without Conditional Access: each of its policies is asked for by itself, one a second.
  test('of a tenant that lost everything, everything comes back or says why not', async () => {
    const { entra } = acme.tenant;
    for (const collection of COLLECTIONS) {
      for (const { id } of await story.simulator.objects(entra.id, collection)) {
        if (id !== '0') await story.simulator.removeObject(entra.id, collection, id);
      }
    }
    const id = await acme.drafts({
      source: { kind: 'backup', backupId: backup },
      selection: { types: TYPES },
    });
    const run = await acme.previews(id);
    expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
    const items = await acme.items(id);
    const blocked = items.filter(({ action }) => action === 'blocked');
    const created = items.filter(({ action }) => action === 'create');
    expect(created.length).toBeGreaterThan(250);
    expect(created.length + blocked.length + 1).toBe(items.length);
    for (const { code, name } of blocked) {
      expect(REASONS, `${name}: ${code}`).toContain(code);
    }
    expect((await acme.restore(id)).state).toBe('planned');
    expect(await acme.writes()).toBe(0);
  });
});

const COLLECTIONS = [
  'configurationPolicies',
  'deviceConfigurations',
  'deviceCompliancePolicies',
  'compliancePolicies',
  'assignmentFilters',
  'roleScopeTags',
];

const TYPES = POLICY_TYPES.filter(
  (type) => type !== 'conditionalAccessPolicy' && type !== 'namedLocation',
);

const REASONS = [
  'restore.secrets_missing',
  'restore.mapping_missing',
  'restore.dependency_blocked',
];
