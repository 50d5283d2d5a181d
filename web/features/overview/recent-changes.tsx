import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { backupSchema } from '../../../src/api/backups.ts';
import { changesPageSchema } from '../../../src/api/changes.ts';
import { request } from '../../shared/api/request.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';

const KINDS = {
  new: { tone: 'good', words: 'New' },
  changed: { tone: 'warn', words: 'Changed' },
  unchanged: { tone: 'quiet', words: 'Unchanged' },
  gone: { tone: 'bad', words: 'Deleted' },
  left_out: { tone: 'quiet', words: 'Not in this backup' },
} as const;

/** What the last backup found changed since the one before. */
export function RecentChanges() {
  const backups = useList(backupSchema, `${useTenantApi()}/backups`, { limit: 5 });
  const latest = backups.rows?.find(
    ({ state, selection }) => state !== 'building' && isOfTenant(selection),
  );
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2}>Changes found by the last backup</Title>
        {latest === undefined ? (
          <Text size="sm">Known after the second backup.</Text>
        ) : (
          <Changes backup={latest.id} />
        )}
      </Stack>
    </Paper>
  );
}

/** Not of policies chosen one by one. */
function isOfTenant(selection: unknown): boolean {
  return Object(selection).kind !== 'policies';
}

function Changes({ backup }: { readonly backup: string }) {
  const tenant = useTenantId() ?? '';
  const path = `${useTenantApi()}/backups/${backup}/changes?limit=20`;
  const { data, error, refetch } = useQuery({
    queryKey: ['changes', path],
    queryFn: () => request(changesPageSchema, path),
  });
  if (error !== null) return <FailedState error={error} retry={() => refetch()} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  if (data.since === null) return <Text size="sm">This was the first backup of its kind.</Text>;
  const changes = data.items.filter(({ kind }) => kind !== 'unchanged' && kind !== 'left_out');
  if (changes.length === 0) return <Text size="sm">Nothing changed since the backup before.</Text>;
  return changes.map((change) => (
    <Group key={change.policyId} justify="space-between" gap="xs">
      <AppLink
        size="sm"
        to="/t/$tenant/policies/$policy"
        params={{ tenant, policy: change.policyId }}
      >
        {change.name}
      </AppLink>
      <StateBadge tone={KINDS[change.kind].tone}>{KINDS[change.kind].words}</StateBadge>
    </Group>
  ));
}
