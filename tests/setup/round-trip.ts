import { readVersionBody } from '../../src/backups/read-version.ts';
import { canonicalBody } from '../../src/graph/canonical-form.ts';
import { compareBodies } from '../../src/graph/compare-bodies.ts';
import type { PolicyType } from '../../src/graph/contracts/list.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/kernel/canonical-json.ts';
import type { BackupId, RestoreId } from '../../src/kernel/ids.ts';
import type { RestoreVerbs } from './restore-world.ts';
import { SET_BY_GRAPH } from './set-by-graph.ts';

/** Everything that a restore is about, as the simulator calls it. */
export const COLLECTIONS = [
  'configurationPolicies',
  'deviceConfigurations',
  'deviceCompliancePolicies',
  'compliancePolicies',
  'assignmentFilters',
  'roleScopeTags',
  'conditionalAccessPolicies',
  'namedLocations',
];

export interface SavedBody {
  readonly type: PolicyType;
  readonly graphId: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** What a backup holds, by the id of the object. */
export async function bodiesIn(
  verbs: RestoreVerbs,
  backupId: BackupId,
): Promise<ReadonlyMap<string, SavedBody>> {
  const rows = await verbs.inTenant((tx) =>
    tx.db
      .selectFrom('backup_items as i')
      .innerJoin('policies as p', 'p.id', 'i.policy_id')
      .innerJoin('policy_versions as v', 'v.id', 'i.version_id')
      .select(['p.type', 'p.graph_id', 'v.name', 'v.content_hash'])
      .where('i.backup_id', '=', backupId)
      .execute(),
  );
  const bodies = new Map<string, SavedBody>();
  for (const { type, graph_id: graphId, name, content_hash } of rows) {
    const text = await verbs.inTenant((tx) => readVersionBody(tx, content_hash));
    const body: JsonValue = JSON.parse(text);
    if (!isJsonObject(body)) throw new Error(`${name} is no object`);
    bodies.set(`${type} ${graphId}`, { type, graphId, name, body });
  }
  return bodies;
}

/** An admin removes everything but the tag that every tenant has. */
export async function removesAll({ world, tenant }: RestoreVerbs): Promise<void> {
  for (const collection of COLLECTIONS) {
    for (const { id } of await world.simulator.objects(tenant.entra.id, collection)) {
      if (id !== '0') await world.simulator.removeObject(tenant.entra.id, collection, id);
    }
  }
}

/** Which object has become which: by the items of a restore that were written. */
export async function becameWhat(
  verbs: RestoreVerbs,
  id: RestoreId,
): Promise<ReadonlyMap<string, string>> {
  const items = await verbs.items(id);
  return new Map(
    items.flatMap(({ source_graph_id, result_graph_id, match_graph_id }) => {
      const now = result_graph_id ?? match_graph_id;
      return now === null ? [] : [[source_graph_id, now]];
    }),
  );
}

/**
 * Where the bodies of the second backup are not those of the first, as `type name: path`; ids are
 * those that the objects have now.
 */
export function differencesBetween(
  before: ReadonlyMap<string, SavedBody>,
  after: ReadonlyMap<string, SavedBody>,
  became: ReadonlyMap<string, string>,
): string[] {
  return [...before.values()].flatMap(({ type, graphId, name, body }) => {
    const now = after.get(`${type} ${became.get(graphId) ?? graphId}`);
    if (now === undefined) return [`${type} ${name}: is not there`];
    const wanted = canonicalBody(type, withIds(body, became));
    return compareBodies(type, wanted, now.body)
      .map(({ path }) => path)
      .filter((path) => !SET_BY_GRAPH.test(path))
      .map((path) => `${type} ${name}: ${path}`);
  });
}

function withIds(body: JsonObject, became: ReadonlyMap<string, string>): JsonObject {
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return became.get(value) ?? value;
    if (Array.isArray(value)) return value.map(fill);
    return isJsonObject(value) ? withIds(value, became) : value;
  };
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fill(value)]));
}

/** How the items ended that are not as they were saved: `type name: result code`. */
export async function notAsSaved(verbs: RestoreVerbs, id: RestoreId): Promise<string[]> {
  const items = await verbs.items(id);
  return items
    .filter(({ result, action }) => result !== 'verified' && action !== 'unchanged')
    .map(
      (item) =>
        `${item.type} ${item.name}: ${item.result ?? item.action} ${item.result_code ?? item.code}`,
    )
    .sort();
}
