import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OverviewTenant } from '../../../src/api/overview.ts';
import { startedRunSchema } from '../../../src/api/runs.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { request } from '../../shared/api/request.ts';
import type { Selection } from '../../shared/table/use-selection.ts';
import { tenantApi } from '../../shared/tenant/use-tenant.ts';

/** So many starts are under way at once; each takes milliseconds. */
const AT_ONCE = 6;

interface BackUpManyProps {
  readonly tenants: readonly OverviewTenant[];
  readonly selection: Selection;
}

/** Starts a backup of everything in each of the ticked tenants where one may. */
export function BackUpMany({ tenants, selection }: BackUpManyProps) {
  const cache = useQueryClient();
  const ticked = tenants.filter(({ id }) => selection.ids.has(id));
  const may = ticked.filter(({ capabilities }) => capabilities.includes('backups:create'));
  const start = useMutation({
    mutationFn: () => startAll(may.map(({ id }) => id)),
    onSuccess: (counts) => {
      notifications.show({
        title: 'Backups queued',
        message: <Text size="sm">{say(counts)}</Text>,
      });
      selection.clear();
      void cache.invalidateQueries({ queryKey: ['overview'] });
    },
  });
  const refusal =
    ticked.length === 0
      ? 'Tick the tenants to back up.'
      : may.length === 0
        ? 'Your role in these tenants does not include backups.'
        : null;
  const noun = may.length === 1 ? 'tenant' : 'tenants';
  return (
    <GatedButton refusal={refusal} loading={start.isPending} onClick={() => start.mutate()}>
      {may.length === 0 ? 'Back up' : `Back up ${may.length} ${noun}`}
    </GatedButton>
  );
}

interface Counts {
  readonly started: number;
  readonly joined: number;
  readonly refused: number;
}

async function startAll(tenants: readonly string[]): Promise<Counts> {
  const counts = { started: 0, joined: 0, refused: 0 };
  const waiting = [...tenants];
  const work = async () => {
    for (let tenant = waiting.shift(); tenant !== undefined; tenant = waiting.shift()) {
      counts[await startOne(tenant)] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return counts;
}

async function startOne(tenant: string): Promise<keyof Counts> {
  try {
    const run = await request(startedRunSchema, `${tenantApi(tenant)}/runs/backup.create`, {
      body: { selection: { kind: 'all' } },
      idempotencyKey: crypto.randomUUID(),
    });
    return run.reused ? 'joined' : 'started';
  } catch {
    return 'refused';
  }
}

function say({ started, joined, refused }: Counts): string {
  return [
    `${started} started`,
    joined > 0 ? `${joined} were under way` : '',
    refused > 0 ? `${refused} could not be started` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
