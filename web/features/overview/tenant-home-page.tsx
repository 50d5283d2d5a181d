import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { backupSchema } from '../../../src/api/backups.ts';
import { coverageSchema } from '../../../src/api/coverage.ts';
import { runSchema } from '../../../src/api/runs.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { Page } from '../../shared/page/page.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { useRefusal, useTenant, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { BACKUP_STATES } from '../../shared/words/backup-state.ts';
import { runState } from '../../shared/words/run-state.ts';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';
import { RecentChanges } from './recent-changes.tsx';

const DAY_MS = 86_400_000;

/** How one tenant stands: its backups, what can be seen of it, what changed, what is under way. */
export function TenantHomePage() {
  const tenant = useTenant();
  const start = useStartRun();
  const starts = (type: string, title: string, input: unknown) => () =>
    start.mutate({ tenant: tenant.id, type, title, input });
  return (
    <Page
      title={tenant.name}
      actions={
        <>
          <GatedButton
            variant="default"
            refusal={useRefusal('policies:sync')}
            loading={start.isPending && start.variables.type === 'policy.sync'}
            onClick={starts('policy.sync', 'Sync', {})}
          >
            Sync inventory
          </GatedButton>
          <GatedButton
            refusal={useRefusal('backups:create')}
            loading={start.isPending && start.variables.type === 'backup.create'}
            onClick={starts('backup.create', 'Backup', { selection: { kind: 'all' } })}
          >
            Back up now
          </GatedButton>
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Posture />
        <LiveRuns />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <RecentChanges />
        <Coverage />
      </SimpleGrid>
    </Page>
  );
}

function Posture() {
  const { id } = useTenant();
  const list = useList(backupSchema, `${useTenantApi()}/backups`, { limit: 5 });
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2}>Backups</Title>
        <ListView list={list} empty={<StateBadge tone="bad">Never backed up</StateBadge>}>
          {(backups) => (
            <Stack gap={6}>
              <StateBadge {...postureOf(backups)} />
              {backups.map((backup) => (
                <Group key={backup.id} justify="space-between" gap="xs">
                  <AppLink
                    size="sm"
                    to="/t/$tenant/backups/$backup"
                    params={{ tenant: id, backup: backup.id }}
                  >
                    {backup.name}
                  </AppLink>
                  <Text size="sm" c="dimmed">
                    {BACKUP_STATES[backup.state].words} · <Instant at={backup.createdAt} />
                  </Text>
                </Group>
              ))}
            </Stack>
          )}
        </ListView>
      </Stack>
    </Paper>
  );
}

interface BackupFacts {
  readonly state: 'building' | 'complete' | 'incomplete';
  readonly createdAt: string;
  readonly selection: unknown;
}

/** Fresh, stale, degraded, or none that is whole. */
function postureOf(backups: readonly BackupFacts[]): { tone: Tone; children: string } {
  const ofTenant = backups.filter(({ selection }) => Object(selection).kind !== 'policies');
  const complete = ofTenant.find(({ state }) => state === 'complete');
  if (complete === undefined) return { tone: 'bad', children: 'No complete backup' };
  const isFresh = Date.now() - new Date(complete.createdAt).getTime() <= DAY_MS;
  if (!isFresh) return { tone: 'warn', children: 'The last complete backup is older than 24 h' };
  const ended = ofTenant.find(({ state }) => state !== 'building');
  if (ended?.state === 'incomplete')
    return { tone: 'warn', children: 'The last one is incomplete' };
  return { tone: 'good', children: 'Backed up within the last 24 h' };
}

const LIVE_REFRESH_MS = 3_000;

function LiveRuns() {
  const { id } = useTenant();
  const query = { live: 'true', limit: 5 };
  const list = useList(runSchema, `${useTenantApi()}/runs`, query, LIVE_REFRESH_MS);
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2}>Under way</Title>
        <ListView list={list} empty={<Text size="sm">Nothing runs at the moment.</Text>}>
          {(runs) =>
            runs.map((run) => (
              <Group key={run.id} justify="space-between" gap="xs">
                <AppLink size="sm" to="/t/$tenant/runs/$run" params={{ tenant: id, run: run.id }}>
                  {run.title}
                </AppLink>
                <StateBadge tone={runState(run).tone}>{runState(run).words}</StateBadge>
              </Group>
            ))
          }
        </ListView>
      </Stack>
    </Paper>
  );
}

const COVERAGE = {
  covered: { tone: 'good', words: 'Covered' },
  not_licensed: { tone: 'quiet', words: 'Not licensed' },
  not_permitted: { tone: 'bad', words: 'Not permitted' },
  refused: { tone: 'bad', words: 'Refused by Microsoft' },
} as const satisfies Record<string, { tone: Tone; words: string }>;

function Coverage() {
  const list = useList(coverageSchema, `${useTenantApi()}/coverage`, { limit: 200 });
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2}>Coverage</Title>
        <ListView
          list={list}
          empty={<Text size="sm">Unknown: verify the connection, or sync the inventory.</Text>}
        >
          {(rows) =>
            rows.map((row) => (
              <Group key={row.type} justify="space-between" gap="xs">
                <Text size="sm">{row.typeTitle}</Text>
                <StateBadge tone={COVERAGE[row.state].tone}>{COVERAGE[row.state].words}</StateBadge>
              </Group>
            ))
          }
        </ListView>
      </Stack>
    </Paper>
  );
}
