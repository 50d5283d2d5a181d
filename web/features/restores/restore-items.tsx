import { Accordion, Button, Group, List, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type RestoreItem, restoreItemsPageSchema } from '../../../src/api/restores.ts';
import { queryText, request } from '../../shared/api/request.ts';
import type { ListQuery } from '../../shared/api/use-list.ts';
import { DifferenceList } from '../../shared/differences/difference-list.tsx';
import { refreshEvery } from '../../shared/live/live-stream.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';
import { DecideItem } from './decide-item.tsx';
import { EnterSecrets } from './enter-secrets.tsx';
import type { StepProps } from './restore-page.tsx';
import { useChangeRestore } from './use-restore.ts';

const ACTIONS = {
  create: { tone: 'good', words: 'Create' },
  update: { tone: 'warn', words: 'Update' },
  delete: { tone: 'bad', words: 'Delete' },
  unchanged: { tone: 'quiet', words: 'As it is' },
  skip: { tone: 'quiet', words: 'Skip' },
  blocked: { tone: 'bad', words: 'Blocked' },
} as const satisfies Record<NonNullable<RestoreItem['action']>, { tone: Tone; words: string }>;

const RESULTS = {
  verified: { tone: 'good', words: 'Done and verified' },
  differs: { tone: 'warn', words: 'Written, and differs' },
  failed: { tone: 'bad', words: 'Failed' },
  unknown: { tone: 'warn', words: 'Needs your decision' },
  not_written: { tone: 'quiet', words: 'Not written' },
  removed: { tone: 'good', words: 'Deleted' },
} as const satisfies Record<string, { tone: Tone; words: string }>;

const RISKS = { low: '', medium: 'medium risk', high: 'high risk' } as const;

interface RestoreItemsProps {
  readonly restore: StepProps['restore'];
  readonly path: string;
  readonly query: ListQuery;
  /** How often to ask anew, while they change. */
  readonly refreshMs?: number;
}

/** The items of a restore: what would become of each, and what did. */
export function RestoreItems({ restore, path, query, refreshMs }: RestoreItemsProps) {
  const items = useInfiniteQuery({
    queryKey: ['restore-items', path, query],
    queryFn: ({ pageParam }) =>
      request(restoreItemsPageSchema, `${path}/items${queryText({ ...query, cursor: pageParam })}`),
    initialPageParam: cursorOf(null),
    getNextPageParam: (page) => cursorOf(page.nextCursor),
    ...(refreshMs !== undefined && { refetchInterval: () => refreshEvery(refreshMs) }),
  });
  const { data, error } = items;
  if (error !== null) return <FailedState error={error} retry={() => items.refetch()} />;
  if (data === undefined) return <LoadingRows rows={5} />;
  const rows = data.pages.flatMap((page) => page.items);
  const groupNames = Object.assign({}, ...data.pages.map((page) => page.groupNames));
  if (rows.length === 0) return <EmptyState title="None" />;
  return (
    <Stack gap="sm">
      <Accordion multiple variant="separated" chevronPosition="left">
        {rows.map((item) => (
          <Accordion.Item key={item.versionId} value={item.versionId}>
            <Accordion.Control>
              <ItemHead item={item} />
            </Accordion.Control>
            <Accordion.Panel>
              <ItemBody item={item} restore={restore} path={path} groupNames={groupNames} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {items.hasNextPage && (
        <Group>
          <Button
            variant="default"
            loading={items.isFetchingNextPage}
            onClick={() => items.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ItemHead({ item }: { readonly item: RestoreItem }) {
  const { action, result, risk, warnings } = item;
  const ended = result?.state ?? null;
  const state = ended !== null ? RESULTS[ended] : action !== null ? ACTIONS[action] : undefined;
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm">
        {item.name}{' '}
        <Text span c="dimmed">
          · {item.typeTitle}
        </Text>
      </Text>
      <Group gap="sm">
        {risk !== null && RISKS[risk] !== '' && (
          <Text size="xs" c="dimmed">
            {RISKS[risk]}
          </Text>
        )}
        {warnings.length > 0 && (
          <StateBadge tone="warn">
            {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
          </StateBadge>
        )}
        {state !== undefined && <StateBadge tone={state.tone}>{state.words}</StateBadge>}
      </Group>
    </Group>
  );
}

interface ItemBodyProps {
  readonly item: RestoreItem;
  readonly restore: StepProps['restore'];
  readonly path: string;
  readonly groupNames: Readonly<Record<string, string>>;
}

function ItemBody({ item, restore, path, groupNames }: ItemBodyProps) {
  const hasBegun = restore.state === 'executing' || restore.state === 'ended';
  const reason = item.result?.reason ?? item.reason;
  return (
    <Stack gap="sm">
      {reason !== null && (
        <Text size="sm">
          {reason.message} {reason.next}
        </Text>
      )}
      {item.warnings.length > 0 && (
        <List size="sm">
          {item.warnings.map((warning) => (
            <List.Item key={`${warning.code} ${warning.at} ${warning.id}`}>
              {warning.message} {warning.next}
              {warning.at !== undefined && (
                <Text span c="dimmed">
                  {' '}
                  ({warning.at})
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
      {!hasBegun && <ItemChoice item={item} path={path} />}
      {!hasBegun && item.secrets.length > 0 && <EnterSecrets item={item} path={path} />}
      {item.result?.state === 'unknown' && <DecideItem item={item} path={path} />}
      {item.result !== null && item.result.differences.length > 0 ? (
        <DifferenceList
          differences={item.result.differences}
          count={item.result.differences.length}
          groupNames={groupNames}
          sides={['As it reads now', 'As it was sent']}
        />
      ) : (
        item.differenceCount > 0 && (
          <DifferenceList
            differences={item.differences}
            count={item.differenceCount}
            groupNames={groupNames}
            sides={['Live, when previewed', 'After the restore']}
          />
        )
      )}
    </Stack>
  );
}

const CHOICES = [
  { value: 'create', label: 'Create a new one' },
  { value: 'update', label: 'Update the match' },
  { value: 'skip', label: 'Skip' },
] as const;

/** What a person decides instead of what the preview found; it has to be previewed again. */
function ItemChoice({ item, path }: { readonly item: RestoreItem; readonly path: string }) {
  const edit = useChangeRestore(path, 'edit');
  const { versionId, choice, match } = item;
  const choose = (wanted: string | null, graphId: string | null = null) => {
    const chosen = CHOICES.find(({ value }) => value === wanted)?.value ?? null;
    edit.mutate({ choices: [{ versionId, choice: chosen, graphId }] });
  };
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label="Instead"
        placeholder="As the preview says"
        clearable
        disabled={edit.isPending}
        value={choice}
        data={[...CHOICES]}
        onChange={(value) => choose(value)}
      />
      {match?.kind === 'ambiguous' && (
        <Select
          label="Several bear this name: which one is meant?"
          disabled={edit.isPending}
          value={match.graphId}
          data={[...match.candidates]}
          onChange={(graphId) => choose('update', graphId)}
        />
      )}
    </Group>
  );
}

function cursorOf(cursor: string | null): string | undefined {
  return cursor ?? undefined;
}
