import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createBackup } from '../src/backups/create-backup.ts';
import { readVersionBody } from '../src/backups/read-version.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { CORPUS, hasCorpus, readExport } from './setup/corpus.ts';

/**
 * What an export says and a stored body does not. Everything else must be there, to the letter; a
 * field that is missing here and lost on the way fails the test.
 */
const NOT_STORED: readonly RegExp[] = [
  // what the policy is called in Graph, kept beside the body: it is no part of sameness
  /^id$/,
  // annotations of full metadata, which Graph gives only when asked: createdDateTime@odata.type
  /[^.]@odata\.[a-zA-Z]+$/,
  /(^|\.)@odata\.(context|id|editLink)$/,
  // volatile: kept in the version's meta
  /^(createdDateTime|lastModifiedDateTime|modifiedDateTime|version|settingCount|isAssigned)$/,
  /^settings\.\d+\.(id|settingDefinitions)$/,
  /^scheduledActionsForRule\.\d+\.(id|scheduledActionConfigurations\.\d+\.id)$/,
  // assignments are made up by the simulator: no file holds one
  /^assignments(\.|$)/,
  // actions that Graph offers on the object
  /(^|\.)#microsoft\.graph\./,
];

/** What the simulator, as Graph, has beyond the exports; more so beyond hand-cleaned templates. */
const ADDED_BY_GRAPH: readonly RegExp[] = [/^assignments(\.|$)/];
const ADDED_WHERE_ABSENT: readonly RegExp[] = [/^scheduledActionsForRule$/];
const ADDED_TO_TEMPLATES: readonly RegExp[] = [
  /^(roleScopeTags|assignmentFilterManagementType|templateId|state)(\.|$)/,
  /^creationSource$/,
];

let world: BackupWorld;
const corpusPage = z.object({
  loaded: z.array(
    z.object({ file: z.string(), collection: z.string(), id: z.string(), name: z.string() }),
  ),
});

if (hasCorpus) describe('on 412 real exports', onExports);
else test('without the corpus beside the project', () => expect(hasCorpus).toBe(false));

function onExports(): void {
  beforeAll(async () => {
    world = await BackupWorld.open({ corpus: CORPUS, limits: 'none' });
    await world.worker();
  });
  afterAll(() => world.close());

  test('every policy that Graph holds is in the backup, complete to the letter', async () => {
    const run = await world.runs(world.tenant, createBackup, { selection: { kind: 'all' } });
    expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
    const bodies = await readBackedUp();
    const { loaded } = corpusPage.parse(await world.simulator.page('corpus'));
    const policies = loaded.filter((object) => object.collection !== 'groups');
    expect(policies).toHaveLength(214 + 20 + 32 + 3 + 50 + 3 + 24);
    const differences: string[] = [];
    for (const [file, objects] of Map.groupBy(policies, (object) => object.file)) {
      const exports = await readExport(file);
      for (const [index, object] of objects.entries()) {
        const body = bodies.get(object.id);
        differences.push(...compare(file, exports[index], body));
      }
    }
    expect(differences).toEqual([]);
  });

  test('a second backup stores no body and makes no version', async () => {
    const before = await countRows();
    const run = await world.runs(world.tenant, createBackup, { selection: { kind: 'all' } });
    expect(run).toMatchObject({ outcome: 'succeeded' });
    expect(await countRows()).toEqual(before);
  });
}

/** Bodies of the latest backup by Graph id. */
async function readBackedUp(): Promise<Map<string, unknown>> {
  return inTenant(world.db, world.tenant.id, async (tx) => {
    const rows = await tx.db
      .selectFrom('policies as p')
      .innerJoin('policy_versions as v', 'v.policy_id', 'p.id')
      .innerJoin('backup_items as b', 'b.version_id', 'v.id')
      .select(['p.graph_id', 'v.content_hash'])
      .execute();
    const bodies = new Map<string, unknown>();
    for (const row of rows) {
      bodies.set(row.graph_id, JSON.parse(await readVersionBody(tx, row.content_hash)));
    }
    return bodies;
  });
}

function countRows() {
  return inTenant(world.db, world.tenant.id, async (tx) => {
    const count = async (table: 'snapshots' | 'policy_versions') =>
      (
        await tx.db
          .selectFrom(table)
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirst()
      )?.n;
    return [await count('snapshots'), await count('policy_versions')];
  });
}

/** Leaves of both sides; the order of a collection is another test's business. */
function compare(file: string, exported: unknown, stored: unknown): string[] {
  const expected = leaves(exported, NOT_STORED);
  const isTemplate = file.startsWith('intune-hydration-kit/');
  const addable = [...ADDED_BY_GRAPH, ...ADDED_WHERE_ABSENT];
  if (isTemplate) addable.push(...ADDED_TO_TEMPLATES);
  const missing = subtract(expected, leaves(stored, ADDED_BY_GRAPH));
  const added = subtract(leaves(stored, addable), expected);
  return [
    ...missing.map((leaf) => `${file}: lost ${leaf.slice(0, 300)}`),
    ...added.map((leaf) => `${file}: added ${leaf.slice(0, 300)}`),
  ];
}

/** What is left of the first when the second is taken away, each as often as it is there. */
function subtract(from: readonly string[], what: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const leaf of what) left.set(leaf, (left.get(leaf) ?? 0) + 1);
  return from.filter((leaf) => {
    const count = left.get(leaf) ?? 0;
    left.set(leaf, count - 1);
    return count <= 0;
  });
}

/** `path = value` of every leaf, indexes left out of the path but counted by repetition. */
function leaves(value: unknown, without: readonly RegExp[]): string[] {
  const found: string[] = [];
  const walk = (node: unknown, path: string) => {
    if (without.some((pattern) => pattern.test(path))) return;
    if (typeof node === 'object' && node !== null && Object.keys(node).length > 0) {
      for (const [key, child] of Object.entries(node))
        walk(child, path === '' ? key : `${path}.${key}`);
      return;
    }
    found.push(`${path.replaceAll(/\.\d+(?=\.|$)/g, '[]')} = ${JSON.stringify(node)}`);
  };
  walk(value, '');
  return found;
}
