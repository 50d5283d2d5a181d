import { tenantSchema } from '../../../src/api/tenants.ts';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/page/app-link.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { type Column, DataTable } from '../../shared/table/data-table.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { Instant } from '../../shared/time/instant.tsx';

type Row = (typeof tenantSchema)['_output'];

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Tenant',
    cell: (row) => (
      <AppLink to="/t/$tenant" params={{ tenant: row.id }}>
        {row.name}
      </AppLink>
    ),
  },
  { id: 'role', title: 'Your role', cell: (row) => row.role },
  { id: 'added', title: 'Added', cell: (row) => <Instant at={row.createdAt} /> },
];

/** All tenants that one may see. */
export function OverviewPage() {
  const list = useList(tenantSchema, '/api/tenants');
  return (
    <Page title="Tenants">
      <ListView list={list} empty={<EmptyState title="No tenant yet" />}>
        {(rows) => (
          <DataTable label="Tenants" columns={COLUMNS} rows={rows} rowId={(row) => row.id} />
        )}
      </ListView>
    </Page>
  );
}
