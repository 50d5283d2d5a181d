import { Group } from '@mantine/core';
import { type BackupItem, backupItemSchema } from '../../../src/api/backups.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ExportList } from '../../shared/table/export-list.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';

interface BackupItemsProps {
  readonly path: string;
  readonly tenant: string;
  readonly onlyNew: boolean;
}

/** The versions in a backup, with what is not in them. */
export function BackupItems({ path, tenant, onlyNew }: BackupItemsProps) {
  const query = { new: onlyNew ? 'true' : undefined };
  const list = useList(backupItemSchema, `${path}/items`, query);
  return (
    <>
      <Group>
        <ExportList name="backup" item={backupItemSchema} path={`${path}/items`} query={query} />
      </Group>
      <ListView
        list={list}
        empty={
          <EmptyState title={onlyNew ? 'No version is new' : 'It holds nothing'}>
            {onlyNew && 'Every policy was as it had been kept before: no body was stored twice.'}
          </EmptyState>
        }
      >
        {(rows) => (
          <DataTable
            label="Policies in this backup"
            columns={columnsFor(tenant)}
            rows={rows}
            rowId={(row) => row.versionId}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </>
  );
}

function columnsFor(tenant: string): readonly Column<BackupItem>[] {
  return [
    {
      id: 'name',
      title: 'Policy',
      cell: (row) => (
        <AppLink to="/t/$tenant/policies/$policy" params={{ tenant, policy: row.policyId }}>
          {row.name}
        </AppLink>
      ),
    },
    { id: 'type', title: 'Type', hiddenBelow: 'sm', cell: ({ type }) => type },
    { id: 'number', title: 'Version', align: 'right', cell: ({ versionNumber }) => versionNumber },
    { id: 'new', title: 'New here', cell: ({ isNew }) => (isNew ? 'yes' : '') },
    {
      id: 'flags',
      title: 'Not in it',
      cell: ({ metadataOnly, secretValuesMissing }) => (
        <Group gap="xs">
          {metadataOnly && <StateBadge tone="warn">Metadata only</StateBadge>}
          {secretValuesMissing && <StateBadge tone="warn">Hidden values</StateBadge>}
        </Group>
      ),
    },
  ];
}
