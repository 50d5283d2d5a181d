import { type RunItem, runItemSchema } from '../../api/run-items.ts';
import type { RunDetail } from '../../api/runs.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { type Output, printable } from '../output.ts';
import type { ApiClient } from './api-client.ts';
import { outcomeWords } from './watch-run.ts';

/** More failed items than this are counted, not listed. */
const FAILED_SHOWN = 20;

/** Says how a run stands or ended, and what failed in it, with what can be done about it. */
export async function printRun(
  output: Output,
  api: ApiClient,
  tenantId: TenantId,
  run: RunDetail,
  json: boolean,
): Promise<void> {
  const failed = await readFailedItems(api, tenantId, run);
  if (json) {
    output.json({ ...run, failedItems: failed });
    return;
  }
  if (run.phase !== 'ended') {
    output.line(`The run goes on. Follow it with: tenantatlas run watch ${run.id}`);
    return;
  }
  const { counts } = run;
  output.line(
    `${run.title}: ${outcomeWords(run)}. ${counts.succeeded} succeeded, ` +
      `${counts.skipped} skipped, ${counts.failed + counts.unknown} failed of ${counts.total}.`,
  );
  if (run.reason !== null) output.line(`  ${run.reason.next}`);
  for (const item of failed) {
    output.line(`  ${printable(item.label)}: ${item.reason?.message ?? 'failed'}`);
    if (item.reason !== null) output.line(`    ${item.reason.next}`);
  }
  const more = counts.failed - failed.length;
  if (more > 0) output.line(`  … and ${more} more`);
}

async function readFailedItems(
  api: ApiClient,
  tenantId: TenantId,
  run: RunDetail,
): Promise<RunItem[]> {
  const found: RunItem[] = [];
  for (const outcome of ['failed', 'unknown'] as const) {
    const count = outcome === 'failed' ? run.counts.failed : run.counts.unknown;
    if (count === 0) continue;
    const path = `/api/tenants/${tenantId}/runs/${run.id}/items`;
    for await (const item of api.list(path, runItemSchema, { outcome })) {
      if (found.length >= FAILED_SHOWN) break;
      found.push(item);
    }
  }
  return found;
}
