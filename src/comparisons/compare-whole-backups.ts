import assert from 'node:assert/strict';
import { z } from 'zod';
import {
  type BackupPair,
  backupPairList,
  kindOf,
  type PairRow,
} from '../backups/compare-backups.ts';
import { findBackup } from '../backups/list-backups.ts';
import { readPage } from '../db/keyset.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { type BackupId, backupIdSchema } from '../kernel/ids.ts';
import { defineRunType, type ItemEnding, type RunContext, succeeded } from '../runs/run-type.ts';
import { compareItem, comparisonItem } from './compare-item.ts';
import {
  comparisonIdOf,
  makeComparison,
  noteUnchanged,
  settleComparison,
} from './make-comparison.ts';
import { type NewItemRow, writeItems } from './write-items.ts';

const inputSchema = z.strictObject({ before: backupIdSchema, after: backupIdSchema });
type Context = RunContext<z.infer<typeof inputSchema>, 'none'>;

/**
 * Compares two backups of the tenant. The policies of both are looked through by their hashes, and
 * those that differ become items, so that one damaged body fails one policy.
 */
export const compareWholeBackups = defineRunType({
  name: 'backup.compare',
  title: 'Compare backups',
  input: inputSchema,
  target: (input) => `backups:${input.before}:${input.after}`,
  subject: (input) => ({ backupId: input.after }),
  // who may see both may see what differs
  capability: 'backups:read',
  graph: 'none',
  attemptsMax: 5,
  itemTimeoutMs: 5 * MINUTE,
  // comparing keeps one processor busy: more at once would only hold more bodies
  concurrency: 4,
  perform: {
    async *plan(ctx) {
      await ctx.inTenant((tx) => beginComparison(tx, ctx));
      yield { kind: 'listing', id: 'policies', label: 'Policies of both backups', discovers: true };
    },

    item(ctx, item): Promise<ItemEnding> {
      if (item.kind === 'listing') return lookThrough(ctx);
      assert(item.kind === 'comparison_item', 'a listing, or a policy');
      return compareItem(ctx, comparisonIdOf(ctx.runId), item.id);
    },

    ended: settleComparison,
  },
});

async function beginComparison(tx: Parameters<typeof makeComparison>[0], ctx: Context) {
  const { before, after } = ctx.input;
  await makeComparison(tx, {
    kind: 'backups',
    before_backup_id: before,
    after_backup_id: after,
    beforeLabel: await nameFinished(tx, before),
    afterLabel: await nameFinished(tx, after),
    madeBy: ctx.initiatorLabel,
  });
}

/** @throws AppError comparison.backup_unfinished: what is not in it yet would look deleted */
export async function nameFinished(tx: TenantTx, id: BackupId): Promise<string> {
  const backup = await findBackup(tx, id);
  if (backup === undefined) throw new AppError('forbidden');
  if (backup.state === 'building') throw new AppError('comparison.backup_unfinished');
  return backup.name;
}

/** Ids, numbers and hashes of so many policies at once; no body is read for them. */
const PAGE = 500;

async function lookThrough(ctx: Context): Promise<ItemEnding> {
  let unchanged = 0;
  let policies = 0;
  let after: [string] | undefined;
  do {
    ctx.signal.throwIfAborted();
    const { rows, next } = await ctx.inTenant((tx) => writePage(tx, ctx, after));
    policies += rows.length;
    unchanged += rows.filter((row) => kindOf(row) === 'unchanged').length;
    const [last] = next ?? [];
    after = last === undefined ? undefined : [last];
  } while (after !== undefined);
  await ctx.inTenant((tx) => noteUnchanged(tx, comparisonIdOf(ctx.runId), unchanged));
  return succeeded({ policies, unchanged });
}

async function writePage(
  tx: Parameters<Context['addItems']>[0],
  ctx: Context,
  after: [string] | undefined,
) {
  const pair: BackupPair = ctx.input;
  const page = await readPage(backupPairList, tx, pair, { after, limit: PAGE });
  const differing = page.rows.filter((row) => kindOf(row) !== 'unchanged');
  await writeItems(tx, comparisonIdOf(ctx.runId), differing.map(itemOf));
  const changed = differing.filter((row) => kindOf(row) === 'changed');
  await ctx.addItems(
    tx,
    changed.map((row) => comparisonItem(row.policy_id, row.name)),
  );
  return page;
}

function itemOf(row: PairRow): NewItemRow {
  const kind = kindOf(row);
  const policyId = row.policy_id;
  return {
    subjectId: policyId,
    type: row.type,
    name: row.name,
    kind: kind === 'changed' ? 'uncompared' : kind,
    before: { policyId, number: row.before_number, hash: row.before_hash },
    after: { policyId, number: row.after_number, hash: row.after_hash },
  };
}
