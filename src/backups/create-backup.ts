import { z } from 'zod';
import { POLICY_TYPES } from '../graph/contracts/list.ts';
import type { ListedPolicy } from '../graph/port.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import type { PolicyId } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';
import { listingItem, listType, type ObservedPage } from '../policies/list-type.ts';
import { locatePolicies } from '../policies/locate-policy.ts';
import type { ObservedPolicy } from '../policies/observe-policies.ts';
import { policyItem } from '../policies/policy-item.ts';
import {
  defineRunType,
  failed,
  type ItemEnding,
  type NewItem,
  type RunContext,
  type SliceTx,
} from '../runs/run-type.ts';
import { backUpPolicy } from './back-up-policy.ts';
import type { BackupToFill } from './backup-writer.ts';
import { fillBackup } from './fill-backup.ts';
import type { ReadPolicy } from './keep-version.ts';
import { backupIdOf, makeBackup, settleBackup } from './make-backup.ts';
import { nameGroups } from './name-groups.ts';
import { selectionSchema, selectionTarget } from './selection.ts';

const inputSchema = z.strictObject({
  name: plainText(200).exactOptional(),
  selection: selectionSchema,
});
type Input = z.infer<typeof inputSchema>;
type Context = RunContext<Input, 'read'>;

/** Keeps the chosen policies as they are now, as a named set of versions. */
export const createBackup = defineRunType({
  name: 'backup.create',
  title: 'Create backup',
  input: inputSchema,
  target: (input) => selectionTarget(input.selection),
  capability: 'backups:create',
  graph: 'read',
  attemptsMax: 5,
  // a listing is an item, too: see sync-policies.ts
  itemTimeoutMs: 20 * MINUTE,
  // Reads wait for Graph, not for us: enough of them to fill several batches of twenty.
  concurrency: 100,
  perform: {
    async *plan(ctx) {
      const name = ctx.input.name ?? defaultName(ctx.now());
      const { selection } = ctx.input;
      await ctx.inTenant((tx) => makeBackup(tx, { name, selection, madeBy: ctx.initiatorLabel }));
      yield* await planSelection(ctx);
    },

    item(ctx, item) {
      const backup = backupOf(ctx);
      if (item.kind === 'policy') return backUpPolicy(ctx, item, backup);
      return listType(ctx, item, (tx, page) => workPage(tx, ctx, page, backup));
    },

    finish: (ctx) => nameGroups(ctx, backupOf(ctx).id),
    ended: settleBackup,
  },
});

function backupOf(ctx: Context): BackupToFill {
  const { name } = ctx.input;
  return { id: backupIdOf(ctx.runId), reason: name === undefined ? 'Backup' : `Backup: ${name}` };
}

function defaultName(now: Date): string {
  return `Backup ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

async function planSelection(ctx: Context): Promise<readonly NewItem[]> {
  const { selection } = ctx.input;
  if (selection.kind === 'all') return POLICY_TYPES.map(listingItem);
  if (selection.kind === 'types') return selection.types.map(listingItem);
  return ctx.inTenant((tx) => planChosen(tx, selection.policyIds));
}

/** What was chosen and is not this tenant's fails by itself: it must not be left out in silence. */
async function planChosen(tx: SliceTx, policyIds: readonly PolicyId[]): Promise<NewItem[]> {
  const located = await locatePolicies(tx, policyIds);
  return policyIds.map((id) => {
    const policy = located.get(id);
    if (policy !== undefined) return policyItem(policy, policy.name);
    return { kind: 'policy', id, label: id, ending: failed('forbidden') };
  });
}

/**
 * A page of a listing in a backup. Where the listing brings whole policies they go into the backup
 * with it; the others become items that are read one by one.
 */
async function workPage(
  tx: SliceTx,
  ctx: Context,
  page: ObservedPage,
  backup: BackupToFill,
): Promise<void> {
  const why = { runId: ctx.runId, madeBy: ctx.initiatorLabel, reason: backup.reason };
  const endings = await fillBackup(tx, backup.id, page.flatMap(wholePolicy), why);
  const items = page.map((policy) => {
    const item = policyItem({ type: policy.type, graphId: policy.face.graphId }, policy.name);
    const ending = endings.get(policy.id) ?? refusal(policy.face.document);
    return ending === undefined ? item : { ...item, ending };
  });
  await ctx.addItems(tx, items);
}

function wholePolicy(policy: ObservedPolicy<ListedPolicy>): ReadPolicy[] {
  const { document } = policy.face;
  return document === undefined || document instanceof Error ? [] : [{ ...policy, face: document }];
}

/** A policy that was listed and cannot be kept as it is. */
function refusal(document: ListedPolicy['document']): ItemEnding | undefined {
  if (!(document instanceof Error)) return undefined;
  if (!(document instanceof AppError)) return failed('internal');
  return failed(document.code, document.details);
}
