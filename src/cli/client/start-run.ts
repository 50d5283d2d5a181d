import { type RunDetail, startedRunSchema } from '../../api/runs.ts';
import type { Tenant } from '../../api/tenants.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Cli } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { createProgress } from '../progress.ts';
import type { ApiClient } from './api-client.ts';
import { printRun } from './print-run.ts';
import { watchRun } from './watch-run.ts';

export interface Start {
  readonly tenant: Tenant;
  readonly type: string;
  readonly input: unknown;
  /** What to call it beside its bar. */
  readonly label: string;
  readonly isWaiting: boolean;
  readonly json: boolean;
}

/** Starts a run or joins the live one, follows it to its end, and says how it went. */
export async function startAndFollow(cli: Cli, api: ApiClient, start: Start): Promise<ExitCode> {
  const path = `/api/tenants/${start.tenant.id}/runs/${encodeURIComponent(start.type)}`;
  const started = await api.post(path, start.input, startedRunSchema);
  if (!start.isWaiting) {
    if (start.json) cli.output.json(started);
    else
      cli.output.line(`Run ${started.id} ${started.reused ? 'was going on already' : 'started'}.`);
    return EXIT.ok;
  }
  if (!start.json && started.reused)
    cli.output.line('It was going on already; following that run.');
  return followRun(cli, api, { ...start, runId: started.id });
}

export interface Follow {
  readonly tenant: Pick<Tenant, 'id'>;
  readonly runId: string;
  readonly label: string;
  readonly json: boolean;
}

/** Follows a run to its end. Ctrl-C leaves it going on. */
export async function followRun(cli: Cli, api: ApiClient, follow: Follow): Promise<ExitCode> {
  const progress = follow.json ? null : createProgress(cli.output, systemClock);
  const watched = { tenantId: follow.tenant.id, runId: follow.runId, label: follow.label };
  let run: RunDetail;
  try {
    run = await watchRun(api, watched, progress, cli.stop);
  } finally {
    progress?.close();
  }
  await printRun(cli.output, api, follow.tenant.id, run, follow.json);
  return exitCodeOfRun(run);
}

/** A run that goes on is well as far as it went. */
export function exitCodeOfRun(run: Pick<RunDetail, 'outcome'>): ExitCode {
  if (run.outcome === null || run.outcome === 'succeeded') return EXIT.ok;
  return run.outcome === 'blocked' ? EXIT.notStarted : EXIT.someFailed;
}
