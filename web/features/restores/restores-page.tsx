import { type Restore, restoreSchema } from '../../../src/api/restores.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { moreOf } from '../../shared/table/more-of.ts';
import { useTenantApi, useTenantId } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge } from '../../shared/words/state-badge.tsx';
import { restoreState } from './restore-state.ts';

const REFRESH_MS = 5_000;

/** Every restore, with what is left to do for it. */
export function RestoresPage() {
  const tenant = useTenantId() ?? '';
  const list = useList(restoreSchema, `${useTenantApi()}/restores`, {}, REFRESH_MS);
  return (
    <Page
      title="Restores"
      summary="Nothing is written before its preview was looked at and confirmed."
    >
      <ListView
        list={list}
        empty={
          <EmptyState
            title="No restore yet"
            action={
              <AppLink to="/t/$tenant/backups" params={{ tenant }}>
                To the backups
              </AppLink>
            }
          >
            Begin one from a backup, or from a version of a policy.
          </EmptyState>
        }
      >
        {(rows) => (
          <DataTable
            label="Restores"
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

function columnsFor(tenant: string): readonly Column<Restore>[] {
  return [
    {
      id: 'name',
      title: 'Restore',
      cell: (row) => (
        <AppLink to="/t/$tenant/restores/$restore" params={{ tenant, restore: row.id }}>
          {row.name}
        </AppLink>
      ),
    },
    {
      id: 'state',
      title: 'State',
      cell: (row) => (
        <StateBadge tone={restoreState(row).tone}>{restoreState(row).words}</StateBadge>
      ),
    },
    {
      id: 'origin',
      title: 'Follows',
      hiddenBelow: 'sm',
      cell: ({ origin }) =>
        origin && (
          <AppLink
            to="/t/$tenant/restores/$restore"
            params={{ tenant, restore: origin.restoreId }}
            size="sm"
          >
            {ORIGINS[origin.kind]}
          </AppLink>
        ),
    },
    { id: 'by', title: 'By', hiddenBelow: 'md', cell: ({ madeBy }) => madeBy },
    { id: 'at', title: 'Made', cell: ({ createdAt }) => <Instant at={createdAt} /> },
  ];
}

const ORIGINS = { retry: 'Tries again', undo: 'Takes back', repair: 'Repairs' } as const;
