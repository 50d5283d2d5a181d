import { z } from 'zod';
import { DRIFTED, TAMPERED } from './by-hand.ts';
import type { Charge, Evidence, Finding, Item, Records } from './judge.ts';
import { collectionOf, type Held, keyOf } from './tenant-view.ts';

/** Whether what is said of one item is true of its object. */
export function judgeItem(item: Item, records: Records, evidence: Evidence): Finding[] {
  const finding = (charge: Charge, why: string): Finding => ({
    charge,
    what: `${item.type} ${item.name}, ${item.action} ${item.result}: ${why}`,
  });
  switch (item.result) {
    case null:
      return records.hasBegun ? [finding('lost', 'has no result')] : [];
    case 'verified':
      return judgeVerified(item, records, evidence).map(([charge, why]) => finding(charge, why));
    case 'removed':
      return judgeRemoved(item, evidence).map((why) => finding('wrong', why));
    case 'not_written':
      return [
        ...judgeUnwritten(item, evidence),
        ...judgeGone(item, evidence),
        ...judgeNeeds(item, records),
      ].map((why) => finding('wrong', why));
    case 'unknown':
      return judgeUnknown(item, records).map((why) => finding('wrong', why));
    case 'differs':
      // Only somebody else keeps what was written from being as it was sent.
      if (isTampered(item, evidence)) return [];
      return [finding('wrong', `differs: ${JSON.stringify(item.result_differences)}`)];
    case 'failed':
      return [
        ...judgeFailed(item, evidence).map((why) => finding('lost', why)),
        ...judgeGone(item, evidence).map((why) => finding('wrong', why)),
      ];
  }
}

function judgeVerified(
  item: Item,
  { items }: Records,
  { after, before, content, wantedOf }: Evidence,
): (readonly [Charge, string])[] {
  const id = item.result_graph_id ?? '';
  const key = keyOf(collectionOf(item.type), id);
  const object = after.get(key);
  if (object === undefined) return [['lost', `there is no ${id}`]];
  const wanted = wantedOf(item);
  const found: (readonly [Charge, string])[] = [];
  if (wanted === undefined) {
    found.push(['wrong', 'nobody wanted it']);
  } else {
    const leftOut = findLeftOut(item);
    const [one, other] = [without(object, leftOut), without(wanted, leftOut)];
    if (content(one) !== content(other)) found.push(['wrong', differ(content, one, other)]);
  }
  if (item.action === 'create' && before.has(key)) found.push(['wrong', `${id} was there before`]);
  if (item.action === 'create' && !mayDouble(item) && hasNamesake(item, before)) {
    found.push(['duplicates', 'one of the name was there, and nobody was told']);
  }
  if (item.action === 'update' && id !== item.match_graph_id) found.push(['wrong', `wrote ${id}`]);
  if (item.action === 'update' && isDrifted(item, before)) found.push(['wrong', 'it had drifted']);
  const bearers = items.filter((one) => one.type === item.type && one.result_graph_id === id);
  if (bearers.length > 1) found.push(['wrong', `${id} is claimed by ${bearers.length} items`]);
  return found;
}

/** Wanted so, or told by the preview. */
function mayDouble({ choice, warnings }: Item): boolean {
  return choice === 'create' || JSON.stringify(warnings).includes('restore.name_exists');
}

function hasNamesake({ type, name }: Item, before: Evidence['before']): boolean {
  const collection = collectionOf(type);
  return [...before.values()].some((one) => one.collection === collection && one.name === name);
}

const warningsSchema = z.array(z.object({ code: z.string(), at: z.string().optional() }));

/** Properties that the preview has told of that they cannot be brought back whole. */
function findLeftOut({ warnings }: Item): ReadonlySet<string> {
  const told = warningsSchema.parse(warnings).filter(({ code }) => code.endsWith('_left_out'));
  return new Set(told.map(({ at = 'assignments' }) => at.split(/[.[]/)[0] ?? at));
}

function without(held: Held, names: ReadonlySet<string>): Held {
  if (names.size === 0) return held;
  const rest = Object.entries(held.object).filter(([name]) => !names.has(name));
  return { ...held, object: Object.fromEntries(rest) };
}

/** By hand, after the preview. */
function isDrifted(item: Item, before: Evidence['before']): boolean {
  const key = keyOf(collectionOf(item.type), item.match_graph_id ?? '');
  return before.get(key)?.object['description'] === DRIFTED;
}

function judgeRemoved(item: Item, { before, after }: Evidence): string[] {
  const key = keyOf(collectionOf(item.type), item.match_graph_id ?? '');
  if (after.has(key)) return ['it is still there'];
  return isDrifted(item, before) ? ['it had drifted'] : [];
}

/** Nothing was done to its object; what it would have made is looked for by name (`judgeMade`). */
function judgeUnwritten(item: Item, { before, after, content }: Evidence): string[] {
  if (item.match_graph_id === null || item.action === 'create') return [];
  const key = keyOf(collectionOf(item.type), item.match_graph_id);
  const [was, is] = [before.get(key), after.get(key)];
  if (was === undefined) return [];
  if (is === undefined) return ['it is gone'];
  return content(was) === content(is) ? [] : [differ(content, is, was)];
}

/** A person can only decide when told what there is to decide about. */
function judgeUnknown(item: Item, { ledger }: Records): string[] {
  const isOpen = ledger.some(
    (write) => write.version_id === item.version_id && write.state === 'unknown',
  );
  if (!isOpen) return ['no write of it is open'];
  const needsChoice = item.result_code === 'restore.decision_needed';
  const hasChoice = Array.isArray(item.result_candidates) && item.result_candidates.length > 0;
  return needsChoice && !hasChoice ? ['there is nothing to choose from'] : [];
}

function isTampered({ type, result_graph_id: id }: Item, { after }: Evidence): boolean {
  const object = after.get(keyOf(collectionOf(type), id ?? ''))?.object;
  return object?.['description'] === TAMPERED;
}

/** Given up for the sake of another, which was made all the same. */
function judgeNeeds(item: Item, { items }: Records): string[] {
  if (item.result_code !== 'restore.dependency_failed') return [];
  const needed = items.filter(({ version_id: id }) => item.depends_on.includes(id));
  const areMade = needed.length > 0 && needed.every(({ result }) => result === 'verified');
  return areMade ? ['what it needs was made'] : [];
}

/** What shows up late was not deleted. */
function judgeGone(item: Item, { after }: Evidence): string[] {
  const id = item.result_graph_id ?? item.match_graph_id ?? '';
  const isThere = after.has(keyOf(collectionOf(item.type), id));
  return item.result_code === 'policy.gone' && isThere ? [`${id} is not gone`] : [];
}

function judgeFailed(item: Item, { after }: Evidence): string[] {
  const id = item.result_graph_id;
  if (id === null || item.action === 'delete' || after.has(keyOf(collectionOf(item.type), id)))
    return [];
  return [`there is no ${id}`];
}

/** The first place where two contents part. */
function differ(content: Evidence['content'], is: Held, wanted: Held): string {
  const [one, other] = [content(is), content(wanted)];
  let at = 0;
  while (one[at] === other[at] && at < one.length) at += 1;
  const from = Math.max(0, at - 60);
  return `is …${one.slice(from, at + 60)}… and not …${other.slice(from, at + 60)}…`;
}
