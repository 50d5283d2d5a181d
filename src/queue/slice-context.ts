import { sql } from 'kysely';
import { AHEAD } from '../db/eager-pool.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { GraphReader } from '../graph/port.ts';
import { rolesHolding } from '../kernel/capabilities.ts';
import type { GraphAccess, NewItem, RunContext, RunType, SliceTx } from '../runs/run-type.ts';
import type { ClaimedRun } from './claim-slice.ts';
import { storableJson } from './storable-json.ts';
import type { SliceDeps, SliceSignals } from './work-slice.ts';

/** One slice: its run, its type, and what the run type is handed. */
export interface SliceContext {
  readonly run: ClaimedRun;
  readonly type: RunType;
  readonly graph: GraphReader | undefined;
  readonly ctx: RunContext<unknown, GraphAccess>;
  readonly signals: SliceSignals;
  /** A transaction under the fence that also passes when the run is being cancelled. */
  inFence<T>(work: (tx: SliceTx) => Promise<T>): Promise<T>;
  /** Called when added items are committed: there is more to fetch. */
  onItemsAdded: () => void;
}

export function createSliceContext(
  deps: SliceDeps,
  run: ClaimedRun,
  type: RunType,
  graph: GraphReader | undefined,
  signals: SliceSignals,
): SliceContext {
  const roles = [...rolesHolding(type.capability)];
  const inSlice = <T>(checked: string[] | null, work: (tx: SliceTx) => Promise<T>) =>
    inTenant(deps.db, run.tenant_id, async (tx) => {
      await sql`${AHEAD} select enter_slice(${sql.lit(run.id)}, ${sql.lit(run.fence)},
        ${checked === null ? sql.lit(null) : sql.lit(`{${checked}}`)}::text[])`.execute(tx.db);
      return work({ ...tx, runId: run.id });
    });
  const hasAdded = new WeakSet<SliceTx>();
  const slice: SliceContext = {
    run,
    type,
    graph,
    signals,
    inFence: (work) => inSlice(null, work),
    onItemsAdded: () => {},
    ctx: {
      tenantId: run.tenant_id,
      runId: run.id,
      input: type.input.parse(run.input),
      initiatorLabel: run.initiator_label,
      signal: signals.abort.signal,
      graph,
      now: () => deps.clock.now(),
      record: (work) => inSlice(null, work),
      requireLease: () => deps.requireLease(),
      inTenant: async (work) => {
        let mine: SliceTx | undefined;
        const result = await inSlice(roles, (tx) => {
          mine = tx;
          return work(tx);
        });
        // Only now, after the commit, can another transaction see what was added.
        if (mine !== undefined && hasAdded.has(mine)) slice.onItemsAdded();
        return result;
      },
      addItems: async (tx, items) => {
        await addItems(tx, run, items);
        hasAdded.add(tx);
      },
    },
  };
  return slice;
}

/** One statement, whatever their number; what is there already stays. */
export async function addItems(
  tx: SliceTx,
  run: ClaimedRun,
  items: readonly NewItem[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => ({
    kind: item.kind,
    id: item.id,
    // a name is only a label here
    label: item.label.slice(0, 500),
    discovers: item.discovers ?? false,
    outcome: item.ending?.outcome ?? 'pending',
    code: item.ending?.code ?? null,
    details: item.ending?.details ?? null,
  }));
  await sql`select add_run_items(${run.id}, ${run.fence}, ${storableJson(rows)}::jsonb)`.execute(
    tx.db,
  );
}
