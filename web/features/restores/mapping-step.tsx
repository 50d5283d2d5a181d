import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import {
  type RestoreReference,
  restoreMappingPageSchema,
} from '../../../src/api/restore-mapping.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { queryText, request } from '../../shared/api/request.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { useRefusal } from '../../shared/tenant/use-tenant.ts';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';
import type { StepProps } from './restore-page.tsx';
import { useChangeRestore } from './use-restore.ts';

const HOW = {
  by_hand: { tone: 'good', words: 'By hand' },
  same_id: { tone: 'good', words: 'Same object' },
  same_name: { tone: 'good', words: 'Same name' },
  restore_item: { tone: 'good', words: 'Another item of this restore' },
  new_group: { tone: 'good', words: 'Will be created' },
  unchecked: { tone: 'warn', words: 'Taken over unchecked' },
  nothing: { tone: 'bad', words: 'Missing: left out' },
} as const satisfies Record<RestoreReference['how'], { tone: Tone; words: string }>;

/** What groups, filters, tags and the like of the source mean in this tenant. */
export function MappingStep({ restore, path, tenant, go }: StepProps) {
  const refusal = useRefusal('restores:plan');
  const sync = useStartRun();
  const mapping = useInfiniteQuery({
    queryKey: ['restore-mapping', path],
    queryFn: ({ pageParam }) =>
      request(restoreMappingPageSchema, `${path}/mapping${queryText({ cursor: pageParam })}`),
    initialPageParam: cursorOf(null),
    getNextPageParam: (page) => cursorOf(page.nextCursor),
  });
  const rows = mapping.data?.pages.flatMap((page) => page.items);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={640}>
          Known after a preview. What has no counterpart here is left out with a warning;
          assignments are never widened.
        </Text>
        <Group gap="xs">
          <GatedButton
            variant="default"
            refusal={refusal}
            loading={sync.isPending}
            onClick={() =>
              sync.mutate({
                tenant,
                type: 'directory.sync_groups',
                title: 'Sync of groups',
                input: {},
              })
            }
          >
            Sync groups
          </GatedButton>
          <Button onClick={() => go('preview')}>To the preview</Button>
        </Group>
      </Group>
      {mapping.error !== null && (
        <FailedState error={mapping.error} retry={() => mapping.refetch()} />
      )}
      {rows === undefined && mapping.error === null && <LoadingRows rows={4} />}
      {rows?.length === 0 && (
        <EmptyState title="Nothing to map">
          {restore.previewedAt === null
            ? 'Make a preview: it finds out what the chosen policies refer to.'
            : 'What was chosen refers to nothing that could be elsewhere.'}
        </EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label="References"
          columns={columnsFor(restore, path)}
          rows={rows}
          rowId={(row) => `${row.kind}:${row.sourceId}`}
        />
      )}
    </Stack>
  );
}

function columnsFor(
  restore: StepProps['restore'],
  path: string,
): readonly Column<RestoreReference>[] {
  return [
    { id: 'kind', title: 'Kind', hiddenBelow: 'sm', cell: ({ kind }) => kind },
    { id: 'source', title: 'In the source', cell: (row) => row.sourceName ?? row.sourceId },
    {
      id: 'items',
      title: 'Used by',
      align: 'right',
      hiddenBelow: 'sm',
      cell: ({ items }) => items,
    },
    {
      id: 'how',
      title: 'Found',
      cell: ({ how }) => <StateBadge tone={HOW[how].tone}>{HOW[how].words}</StateBadge>,
    },
    {
      id: 'here',
      title: 'Here',
      cell: (row) => <Target reference={row} restore={restore} path={path} />,
    },
  ];
}

interface TargetProps {
  readonly reference: RestoreReference;
  readonly restore: StepProps['restore'];
  readonly path: string;
}

function Target({ reference, restore, path }: TargetProps) {
  const edit = useChangeRestore(path, 'edit');
  const { kind, sourceId, mappedTo, candidates, how } = reference;
  const key = `${kind}:${sourceId}`;
  const known =
    mappedTo === null ? [] : [{ value: mappedTo.id, label: mappedTo.name ?? mappedTo.id }];
  const offered = candidates
    .filter(({ id }) => id !== mappedTo?.id)
    .map(({ id, name }) => ({ value: id, label: `${name} (${id.slice(0, 8)})` }));
  const creating = restore.options.createGroups.includes(sourceId);
  const canCreate = kind === 'group' && (how === 'nothing' || creating);
  return (
    <Group gap="xs" wrap="nowrap">
      <Select
        aria-label={`What ${reference.sourceName ?? sourceId} means here`}
        placeholder="Nothing"
        clearable
        disabled={edit.isPending || creating}
        value={mappedTo?.id ?? null}
        data={[...known, ...offered]}
        onChange={(id) => edit.mutate({ mapping: { ...restore.mapping, [key]: id } })}
      />
      {canCreate && (
        <Checkbox
          size="xs"
          label="Create it"
          checked={creating}
          disabled={edit.isPending}
          onChange={() => {
            const others = restore.options.createGroups.filter((id) => id !== sourceId);
            const createGroups = creating ? others : [...others, sourceId];
            edit.mutate({ options: { ...restore.options, createGroups } });
          }}
        />
      )}
    </Group>
  );
}

function cursorOf(cursor: string | null): string | undefined {
  return cursor ?? undefined;
}
