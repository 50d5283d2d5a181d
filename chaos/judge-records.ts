import type { Finding, Item, Records } from './judge.ts';
import { collectionOf } from './tenant-view.ts';
import type { LoggedWrite } from './write-log.ts';

/** Whether the records hold together, and account for every write that came to the simulator. */
export function judgeRecords(records: Records, writes: readonly LoggedWrite[]): Finding[] {
  const wrong = (what: string): Finding => ({ charge: 'wrong', what });
  return [
    ...judgeEnd(records),
    ...judgeLedger(records).map(wrong),
    ...judgeAudit(records).map(wrong),
    ...judgeWrites(records, writes).map(wrong),
  ];
}

function judgeEnd({ restore, hasBegun }: Records): Finding[] {
  if (restore.state === 'ended' || !hasBegun) return [];
  return [{ charge: 'lost', what: `the restore is ${restore.state}` }];
}

/** Results and ledger tell the same, and nothing stays under way. */
function judgeLedger({ items, ledger }: Records): string[] {
  const byItem = Map.groupBy(ledger, ({ version_id: id }) => id);
  const open = ledger.filter(({ state }) => state === 'intent');
  return [
    ...open.map(({ name, type }) => `${type} ${name} is still an intent`),
    ...items.flatMap((item) => judgeItemLedger(item, byItem.get(item.version_id) ?? [])),
  ];
}

function judgeItemLedger(item: Item, writes: Records['ledger']): string[] {
  const found: string[] = [];
  const states = new Set(writes.map(({ state }) => state));
  const isDone = item.result === 'verified' || item.result === 'removed';
  const isVerified = states.size === 1 && states.has('verified');
  if (isDone && !isVerified) found.push(`${item.result} by ${[...states]}`);
  const isBegun = writes.some(({ attempt }) => attempt > 0);
  if (isBegun && item.action === 'update' && item.safety_version_id === null) {
    found.push('was written and not kept before');
  }
  return found.map((what) => `${item.type} ${item.name}: ${what}`);
}

/** One entry for the start, one for the end, one for each object that was written. */
function judgeAudit({ items, audit, restore }: Records): string[] {
  const counts = Map.groupBy(audit, ({ action }) => action);
  const found: string[] = [];
  for (const action of ['restore.confirmed', 'restore.started', 'restore.ended']) {
    const count = counts.get(action)?.length ?? 0;
    if (restore.state === 'ended' && count !== 1) found.push(`${count} entries ${action}`);
  }
  const told = (counts.get('restore.object_written') ?? []).map(({ details }) =>
    JSON.stringify(details),
  );
  for (const { type, name, version_id: id, result } of items) {
    const count = told.filter((details) => details.includes(id)).length;
    const wanted = result === null || result === 'not_written' ? 0 : 1;
    if (count !== wanted) found.push(`${type} ${name}, ${result}: audited ${count} times`);
  }
  return found;
}

/** No write without an intent, and one at most for each: attempts are intents. */
function judgeWrites({ items, ledger }: Records, writes: readonly LoggedWrite[]): string[] {
  const found: string[] = [];
  for (const [id, sent] of Map.groupBy(writes, ({ clientRequestId }) => clientRequestId)) {
    if (sent.length > 1) found.push(`${id} was sent ${sent.length} times`);
  }
  const types = new Set(items.map(({ type }) => type));
  for (const type of types) {
    const path = new RegExp(`/${pathOf(type)}([/(?]|$)`);
    const sent = writes.filter((write) => path.test(write.path)).length;
    const intents = ledger
      .filter((write) => write.type === type)
      .reduce((sum, { attempt }) => sum + attempt, 0);
    if (sent > intents) found.push(`${sent} writes of ${type} for ${intents} intents`);
  }
  const strays = writes.filter(
    ({ path }) => ![...types].some((type) => path.includes(pathOf(type))),
  );
  return [...found, ...strays.map(({ method, path }) => `${method} ${path} was nobody's`)];
}

function pathOf(type: string): string {
  if (type === 'conditionalAccessPolicy') return 'conditionalAccess/policies';
  return collectionOf(type);
}
