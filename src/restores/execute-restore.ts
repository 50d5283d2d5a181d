import assert from 'node:assert/strict';
import { z } from 'zod';
import { MINUTE } from '../kernel/durations.ts';
import { restoreIdSchema } from '../kernel/ids.ts';
import { defineRunType } from '../runs/run-type.ts';
import { beginExecution, planExecution } from './writing/begin-execution.ts';
import { createGroup } from './writing/create-group.ts';
import { endExecution } from './writing/end-execution.ts';
import { GROUP_ITEM, SAFETY_ITEM } from './writing/execution-items.ts';
import { findDangling } from './writing/find-dangling.ts';
import { requireExecutable } from './writing/gate.ts';
import { keepSafetyVersion } from './writing/keep-safety-version.ts';
import { writeItem } from './writing/write-item.ts';
import { WRITE_ATTEMPTS_MAX } from './writing/writing-context.ts';

/** All runs that write to a tenant share it: there is one at a time, and none is joined. */
export const TENANT_WRITE = 'tenant-write';

/**
 * Carries out the preview that was confirmed, and nothing else: keeps what it will overwrite, then
 * writes item by item, each written down before it is sent, and reads each back.
 */
export const executeRestore = defineRunType({
  name: 'restore.execute',
  title: 'Restore',
  input: z.strictObject({ restoreId: restoreIdSchema }),
  target: () => TENANT_WRITE,
  capability: 'restores:execute',
  gate: (tx, input, moment) => requireExecutable(tx, input.restoreId, moment),
  graph: 'write',
  attemptsMax: WRITE_ATTEMPTS_MAX,
  itemTimeoutMs: 10 * MINUTE,
  // Graph takes 5 writes a second of each kind: enough for several kinds at its usual pace.
  concurrency: 8,
  perform: {
    async *plan(ctx) {
      await beginExecution(ctx);
      yield* await planExecution(ctx);
    },

    item(ctx, item) {
      if (item.kind === SAFETY_ITEM) return keepSafetyVersion(ctx, item);
      if (item.kind === GROUP_ITEM) return createGroup(ctx, item.id);
      assert(item.kind === 'restore_item', 'an item of the restore, or what it overwrites');
      return writeItem(ctx, { restoreId: ctx.input.restoreId, versionId: item.id });
    },

    finish: findDangling,
    ended: endExecution,
  },
});
