import type { RestoreVerbs } from '../tests/setup/restore-world.ts';
import { judgeItem } from './judge-item.ts';
import { judgeRecords } from './judge-records.ts';
import type { Scene } from './stage.ts';
import {
  collectionOf,
  contentOf,
  type Held,
  keyOf,
  namingOf,
  type TenantView,
} from './tenant-view.ts';
import { isAmbiguous, type LoggedWrite } from './write-log.ts';

export type Charge = 'duplicates' | 'lost' | 'wrong';

/** Something that must not be. */
export interface Finding {
  readonly charge: Charge;
  readonly what: string;
}

/** What became of one scene. */
export interface Verdict {
  /** Items that were to be written. */
  readonly items: number;
  readonly unknown: number;
  readonly results: readonly string[];
  /** By their client-request-id. */
  readonly ambiguous: readonly string[];
  readonly findings: readonly Finding[];
}

/** What the records say of a restore. */
export interface Records {
  readonly items: readonly Item[];
  readonly ledger: Awaited<ReturnType<RestoreVerbs['ledger']>>;
  readonly audit: Awaited<ReturnType<RestoreVerbs['audit']>>;
  readonly restore: Awaited<ReturnType<RestoreVerbs['restore']>>;
}
export type Item = Awaited<ReturnType<RestoreVerbs['items']>>[number];

/** What the tenant shows, before and after. */
export interface Evidence {
  readonly before: TenantView;
  readonly after: TenantView;
  /** Made while the restore ran, and by nobody else. */
  readonly made: readonly Held[];
  content(held: Held): string;
  wantedOf(item: Item): Held | undefined;
}

/**
 * Holds what the records say against what the simulated tenant shows and what its log tells: the
 * records alone could be wrong in the same way as the code that wrote them.
 */
export async function judgeScene(
  verbs: RestoreVerbs,
  scene: Scene,
  after: TenantView,
  writes: readonly LoggedWrite[],
): Promise<Verdict> {
  const { restoreId: id } = scene;
  const items = await verbs.items(id);
  const records: Records = {
    items: items.filter(({ action }) => isWritten(action)),
    ledger: await verbs.ledger(id),
    audit: await verbs.audit(id),
    restore: await verbs.restore(id),
  };
  const evidence = gatherEvidence(scene, after);
  return {
    items: records.items.length,
    unknown: records.items.filter(({ result }) => result === 'unknown').length,
    results: records.items.map(({ action, result, result_code: code }) =>
      [action, result, code].filter((word) => word !== null).join(' '),
    ),
    ambiguous: writes.filter(isAmbiguous).map(({ clientRequestId }) => clientRequestId),
    findings: [
      ...records.items.flatMap((item) => judgeItem(item, records, evidence)),
      ...judgeMade(records, evidence),
      ...judgeOthers(records, evidence),
      ...judgeRecords(records, writes),
    ],
  };
}

function isWritten(action: string | null): boolean {
  return action === 'create' || action === 'update' || action === 'delete';
}

function gatherEvidence(
  { wanted, wantedById, byHand, ...scene }: Scene,
  after: TenantView,
): Evidence {
  const before = new Map([...scene.before, ...scene.drifted]);
  const naming = namingOf([before, after, new Map([...wanted.values()].map(named))]);
  const contents = new WeakMap<object, string>();
  return {
    before,
    after,
    made: [...after]
      .filter(([key, { id }]) => !before.has(key) && !byHand.has(id))
      .map(([, held]) => held),
    content(held) {
      const known = contents.get(held) ?? contentOf(held, naming);
      contents.set(held, known);
      return known;
    },
    wantedOf: (item) =>
      wanted.get(item.version_id) ??
      wantedById.get(keyOf(collectionOf(item.type), item.match_graph_id ?? '')),
  };
}

function named(held: Held): [string, Held] {
  return [keyOf(held.collection, held.id), held];
}

/** Every object that was made has one item that made it, and that knows it or owns up to it. */
function judgeMade({ items }: Records, { made }: Evidence): Finding[] {
  const findings: Finding[] = [];
  for (const [name, objects] of Map.groupBy(made, faceOf)) {
    const makers = items.filter(
      (item) => item.action === 'create' && faceOf(heldBy(item)) === name,
    );
    for (let extra = makers.length; extra < objects.length; extra += 1) {
      findings.push({
        charge: 'duplicates',
        what: `${objects.length} of ${name} for ${makers.length} items`,
      });
    }
    const claimed = new Set(makers.map((item) => item.result_graph_id?.toLowerCase()));
    const unclaimed = objects.filter(({ id }) => !claimed.has(id.toLowerCase()));
    const open = makers.filter(({ result }) => result === 'unknown');
    if (unclaimed.length > open.length && objects.length <= makers.length) {
      const results = makers.map(({ result, result_code: code }) => `${result} ${code}`);
      findings.push({ charge: 'lost', what: `nobody knows of ${name}: ${results}` });
    }
  }
  return findings;
}

/** What is no item's is as it was. */
function judgeOthers({ items }: Records, { before, after, content }: Evidence): Finding[] {
  const written = new Set(
    items.map((item) => keyOf(collectionOf(item.type), item.match_graph_id ?? '')),
  );
  const findings: Finding[] = [];
  for (const [key, held] of before) {
    if (written.has(key)) continue;
    const now = after.get(key);
    if (now === undefined) findings.push({ charge: 'lost', what: `${key} was nobody's to delete` });
    else if (content(now) !== content(held)) {
      findings.push({ charge: 'wrong', what: `${faceOf(held)} was nobody's to change` });
    }
  }
  return findings;
}

function heldBy(item: Item): Pick<Held, 'collection' | 'name'> {
  return { collection: collectionOf(item.type), name: item.name };
}

function faceOf({ collection, name }: Pick<Held, 'collection' | 'name'>): string {
  return `${collection}:${name}`;
}
