import { type RunDetail, startedRunSchema } from '../../api/runs.ts';
import { systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiClient } from '../client/api-client.ts';
import { watchRun } from '../client/watch-run.ts';
import type { Cli } from '../command.ts';
import { createProgress } from '../progress.ts';
import type { DemoTenant } from './set-up-demo.ts';

/** A tenant with the runs of it so far, as they ended. */
export interface TenantStory {
  readonly tenant: DemoTenant;
  readonly runs: RunDetail[];
}

/** One run in each tenant, all at once, with live progress, as any client would do it. */
export async function workRound(
  cli: Cli,
  api: ApiClient,
  stories: readonly TenantStory[],
  type: string,
  inputOf: (tenant: DemoTenant) => unknown,
): Promise<void> {
  const progress = createProgress(cli.output, systemClock);
  try {
    await Promise.all(
      stories.map(async (story) => {
        const { id: tenantId, name: label } = story.tenant;
        const path = `/api/tenants/${tenantId}/runs/${type}`;
        const { id: runId } = await api.post(path, inputOf(story.tenant), startedRunSchema);
        story.runs.push(await watchRun(api, { tenantId, runId, label }, progress, cli.stop));
      }),
    );
  } finally {
    progress.close();
  }
  if (cli.stop.aborted) throw new Interrupted();
}

/** Somebody pressed Ctrl-C before the story was told. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The last run of a story; it was just worked. */
export function lastRunOf(story: TenantStory): RunDetail {
  const run = story.runs.at(-1);
  if (run === undefined) throw new AppError('internal');
  return run;
}
