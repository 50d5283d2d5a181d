import { Alert, Group, SegmentedControl, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type Backup, backupSchema } from '../../../src/api/backups.ts';
import { restoreDetailSchema } from '../../../src/api/restores.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { Page } from '../../shared/page/page.tsx';
import { useRefusal, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { BACKUP_STATES } from '../../shared/words/backup-state.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { BackupChanges } from './backup-changes.tsx';
import { BackupItems } from './backup-items.tsx';
import { selectionInWords } from './selection-in-words.ts';

const route = getRouteApi('/signed-in/t/$tenant/backups/$backup');
const REFRESH_MS = 2_000;

/** One backup: whether it is whole, what it holds, and what changed since the one before. */
export function BackupPage() {
  const { tenant, backup: id } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const path = `${useTenantApi()}/backups/${encodeURIComponent(id)}`;
  const backup = useQuery({
    queryKey: ['backup', path],
    queryFn: () => request(backupSchema, path),
    refetchInterval: ({ state }) =>
      state.data?.state === 'building' ? refreshEvery(REFRESH_MS) : false,
  });
  const { data, error } = backup;
  return (
    <Page
      title={data?.name ?? 'Backup'}
      trail={[
        <AppLink key="backups" to="/t/$tenant/backups" params={{ tenant }}>
          Backups
        </AppLink>,
      ]}
      summary={data && <BackupSummary backup={data} />}
      actions={data && <RestoreBackup backup={data} tenant={tenant} />}
    >
      {error !== null && <FailedState error={error} retry={() => backup.refetch()} />}
      {data === undefined && error === null && <LoadingRows />}
      {data !== undefined && (
        <>
          <Incomplete backup={data} tenant={tenant} />
          <Group>
            <SegmentedControl
              aria-label="What to show"
              value={tab}
              data={[
                { value: 'items', label: 'Policies' },
                { value: 'new', label: 'New versions' },
                { value: 'changes', label: 'Changes since the one before' },
              ]}
              onChange={(value) =>
                navigate({ search: { tab: TABS.find((one) => one === value) ?? 'items' } })
              }
            />
          </Group>
          {tab === 'changes' ? (
            <BackupChanges path={path} tenant={tenant} />
          ) : (
            <BackupItems path={path} tenant={tenant} onlyNew={tab === 'new'} />
          )}
        </>
      )}
    </Page>
  );
}

function BackupSummary({ backup }: { readonly backup: Backup }) {
  return (
    <Group gap="sm">
      <StateBadge tone={BACKUP_STATES[backup.state].tone}>
        {BACKUP_STATES[backup.state].words}
      </StateBadge>
      <Text size="sm">
        {selectionInWords(backup.selection)}, by {backup.madeBy}, <Instant at={backup.createdAt} />
      </Text>
    </Group>
  );
}

const TABS = ['items', 'new', 'changes'] as const;

function Incomplete({ backup, tenant }: { readonly backup: Backup; readonly tenant: string }) {
  if (backup.state !== 'incomplete') return null;
  return (
    <Alert color="orange" variant="outline" title="Something is missing in this backup.">
      <Text size="sm">
        What it holds is whole; what could not be read is said by its run.{' '}
        {backup.runId !== null && (
          <AppLink
            to="/t/$tenant/runs/$run"
            params={{ tenant, run: backup.runId }}
            search={{ show: 'failed' }}
          >
            See what failed
          </AppLink>
        )}
      </Text>
    </Alert>
  );
}

/** Makes the draft of a restore of all that it holds; what is brought back is chosen there. */
function RestoreBackup({ backup, tenant }: { readonly backup: Backup; readonly tenant: string }) {
  const path = `${useTenantApi()}/restores`;
  const navigate = useNavigate();
  const refusal = useRefusal('restores:plan');
  const make = useMutation({
    mutationFn: () =>
      request(restoreDetailSchema, path, {
        body: {
          name: `From ${backup.name}`.slice(0, 200),
          source: { kind: 'backup', backupId: backup.id },
        },
      }),
    onSuccess: ({ id }) =>
      navigate({
        to: '/t/$tenant/restores/$restore',
        params: { tenant, restore: id },
        search: { step: 'items' },
      }),
    onError: tellProblem,
  });
  const unready = backup.state === 'building' ? 'It is still being made.' : null;
  return (
    <GatedButton
      refusal={unready ?? refusal}
      loading={make.isPending}
      onClick={() => make.mutate()}
    >
      Restore from this backup
    </GatedButton>
  );
}
