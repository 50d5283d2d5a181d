import { type RunDetail, startedRunSchema } from '../../api/runs.ts';
import type { Tenant } from '../../api/tenants.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Cli } from '../command.ts';
import { createProgress } from '../progress.ts';
import type { ApiClient } from './api-client.ts';
import { printRun } from './print-run.ts';
import { watchRun } from './watch-run.ts';

export interface QuietStart {
  readonly tenant: Pick<Tenant, 'id' | 'name'>;
  readonly type: string;
  readonly input: unknown;
  readonly isJson: boolean;
}

/** Starts a run whose result says all, or joins the live one, and says only what went wrong. */
export async function followQuietly(
  cli: Cli,
  api: ApiClient,
  { tenant, type, input, isJson }: QuietStart,
): Promise<RunDetail> {
  const { id } = await api.post(`/api/tenants/${tenant.id}/runs/${type}`, input, startedRunSchema);
  const progress = isJson ? null : createProgress(cli.output, systemClock);
  const watched = { tenantId: tenant.id, runId: id, label: tenant.name };
  const run = await watchRun(api, watched, progress, cli.stop).finally(() => progress?.close());
  if (run.outcome !== 'succeeded' && !isJson) {
    await printRun(cli.output, api, tenant.id, run, false);
  }
  return run;
}
