import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Backup, backupSchema } from '../../../src/api/backups.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ExportList } from '../../shared/table/export-list.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { BACKUP_STATES } from '../../shared/words/backup-state.ts';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { selectionInWords } from './selection-in-words.ts';

const REFRESH_MS = 5_000;

/** Every backup of the tenant, newest first. */
export function BackupsPage() {
  const tenant = useTenantId() ?? '';
  const path = `${useTenantApi()}/backups`;
  const list = useList(backupSchema, path, {}, REFRESH_MS);
  const newBackup = (
    <Button
      renderRoot={(props: Record<string, unknown>) => (
        <Link {...props} to="/t/$tenant/backups/new" params={{ tenant }} />
      )}
    >
      New backup
    </Button>
  );
  return (
    <Page
      title="Backups"
      summary="Named sets of versions that never change."
      actions={
        <>
          <ExportList name="backups" item={backupSchema} path={path} query={{}} />
          {newBackup}
        </>
      }
    >
      <ListView
        list={list}
        empty={
          <EmptyState title="No backup yet" action={newBackup}>
            A backup reads every policy completely and keeps it, unchangeable.
          </EmptyState>
        }
      >
        {(rows) => (
          <DataTable
            label="Backups"
            columns={columnsFor(tenant)}
            rows={rows}
            rowId={(row) => row.id}
            {...moreOf(list)}
          />
        )}
      </ListView>
    </Page>
  );
}

function columnsFor(tenant: string): readonly Column<Backup>[] {
  return [
    {
      id: 'name',
      title: 'Backup',
      cell: (row) => (
        <AppLink to="/t/$tenant/backups/$backup" params={{ tenant, backup: row.id }}>
          {row.name}
        </AppLink>
      ),
    },
    {
      id: 'state',
      title: 'State',
      cell: ({ state }) => (
        <StateBadge tone={BACKUP_STATES[state].tone}>{BACKUP_STATES[state].words}</StateBadge>
      ),
    },
    {
      id: 'selection',
      title: 'Holds',
      hiddenBelow: 'sm',
      cell: ({ selection }) => selectionInWords(selection),
    },
    { id: 'by', title: 'By', hiddenBelow: 'md', cell: ({ madeBy }) => madeBy },
    { id: 'at', title: 'Made', cell: ({ createdAt }) => <Instant at={createdAt} /> },
  ];
}
