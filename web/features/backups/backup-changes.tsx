import { Accordion, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type Change, changesPageSchema } from '../../../src/api/changes.ts';
import { queryText, request } from '../../shared/api/request.ts';
import { DifferenceList } from '../../shared/differences/difference-list.tsx';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';

const KINDS = {
  new: { tone: 'good', words: 'New' },
  changed: { tone: 'warn', words: 'Changed' },
  unchanged: { tone: 'quiet', words: 'Unchanged' },
  gone: { tone: 'bad', words: 'Deleted' },
  left_out: { tone: 'quiet', words: 'Not in this backup' },
} as const satisfies Record<Change['kind'], { tone: Tone; words: string }>;

/** What changed since the backup of the same selection before, setting by setting. */
export function BackupChanges({
  path,
  tenant,
}: {
  readonly path: string;
  readonly tenant: string;
}) {
  const changes = useInfiniteQuery({
    queryKey: ['changes', path],
    queryFn: ({ pageParam }) =>
      request(changesPageSchema, `${path}/changes${queryText({ cursor: pageParam })}`),
    initialPageParam: cursorOf(null),
    getNextPageParam: (page) => cursorOf(page.nextCursor),
  });
  const { data, error } = changes;
  if (error !== null) return <FailedState error={error} retry={() => changes.refetch()} />;
  if (data === undefined) return <LoadingRows />;
  if (data.pages[0]?.since === null) {
    return <EmptyState title="This was the first backup of its kind">All in it is new.</EmptyState>;
  }
  const rows = data.pages.flatMap((page) => page.items).filter(({ kind }) => kind !== 'unchanged');
  const groupNames = Object.assign({}, ...data.pages.map((page) => page.groupNames));
  return (
    <Stack gap="sm">
      {rows.length === 0 && <EmptyState title="Nothing changed" />}
      <Accordion multiple variant="separated" chevronPosition="left">
        {rows.map((change) => (
          <ChangeItem
            key={change.policyId}
            change={change}
            tenant={tenant}
            groupNames={groupNames}
          />
        ))}
      </Accordion>
      {changes.hasNextPage && (
        <Group>
          <Button
            variant="default"
            loading={changes.isFetchingNextPage}
            onClick={() => changes.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface ChangeItemProps {
  readonly change: Change;
  readonly tenant: string;
  readonly groupNames: Readonly<Record<string, string>>;
}

function ChangeItem({ change, tenant, groupNames }: ChangeItemProps) {
  return (
    <Accordion.Item value={change.policyId}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            {change.name}{' '}
            <Text span c="dimmed">
              · {change.typeTitle}
            </Text>
          </Text>
          <StateBadge tone={KINDS[change.kind].tone}>{KINDS[change.kind].words}</StateBadge>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {change.kind === 'changed' ? (
          <DifferenceList
            differences={change.differences}
            count={change.differenceCount}
            groupNames={groupNames}
            sides={['Before', 'In this backup']}
          />
        ) : (
          <AppLink to="/t/$tenant/policies/$policy" params={{ tenant, policy: change.policyId }}>
            To the policy
          </AppLink>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function cursorOf(cursor: string | null): string | undefined {
  return cursor ?? undefined;
}
