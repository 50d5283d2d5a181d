import { type RunDetail, startedRunSchema } from '../../api/runs.ts';
import type { Tenant } from '../../api/tenants.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { ApiClient } from '../client/api-client.ts';
import { printRun } from '../client/print-run.ts';
import { watchRun } from '../client/watch-run.ts';
import type { Cli } from '../command.ts';
import { createProgress } from '../progress.ts';

/** Starts a preview, or joins the live one, and follows it; says only what went wrong. */
export async function previewRestore(
  cli: Cli,
  api: ApiClient,
  tenant: Pick<Tenant, 'id' | 'name'>,
  { restoreId, isJson }: { readonly restoreId: string; readonly isJson: boolean },
): Promise<RunDetail> {
  const path = `/api/tenants/${tenant.id}/runs/restore.plan`;
  const { id } = await api.post(path, { restoreId }, startedRunSchema);
  const progress = isJson ? null : createProgress(cli.output, systemClock);
  const watched = { tenantId: tenant.id, runId: id, label: tenant.name };
  const run = await watchRun(api, watched, progress, cli.stop).finally(() => progress?.close());
  if (run.outcome !== 'succeeded' && !isJson) {
    await printRun(cli.output, api, tenant.id, run, false);
  }
  return run;
}
