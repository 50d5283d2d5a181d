import { Button, Center, Checkbox, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ColumnDef, type RowData, tableFeatures, useTable } from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import classes from './data-table.module.css';
import type { Selection } from './use-selection.ts';

const features = tableFeatures({});
/** The head stays below the application's own header. */
const HEADER_HEIGHT = 52;

export interface Column<Row extends RowData> {
  readonly id: string;
  readonly title: string;
  /** Null leaves the cell empty. */
  cell(row: Row): ReactNode;
  /** Name of the sort that a click on the title asks for; absent: it cannot be sorted by. */
  readonly sort?: string;
  readonly align?: 'right';
  /** Left out below this width of the window, where the row says it elsewhere. */
  readonly hiddenBelow?: 'xs' | 'sm' | 'md' | 'lg';
}

interface DataTableProps<Row extends RowData> {
  /** What the table holds, for screen readers: "Policies". */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  rowId(row: Row): string;
  /** Shown for screen readers by the row's checkbox. */
  rowLabel?(row: Row): string;
  readonly selection?: Selection;
  readonly sort?: { readonly by: string; change(by: string): void };
  /** How to get more rows; absent when these are all. */
  readonly more?: { readonly isLoading: boolean; load(): void };
}

/** Rows in columns: sticky head, dense lines, sortable where the API can sort, more on demand. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, selection, more } = props;
  const definitions = useMemo(() => columns.map((column) => defineColumn(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: rowId });
  const byId = new Map(columns.map((column) => [column.id, column]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reachable by keyboard
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <Table
        className={classes.table}
        stickyHeader
        stickyHeaderOffset={HEADER_HEIGHT}
        highlightOnHover
        verticalSpacing={6}
      >
        <TableHead {...props} />
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {selection !== undefined && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={`Select ${props.rowLabel?.(row.original) ?? row.id}`}
                    checked={selection.ids.has(row.id)}
                    onChange={() => selection.toggle(row.id)}
                  />
                </Table.Td>
              )}
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} {...cellProps(byId.get(cell.column.id))}>
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more !== undefined && (
        <Center p="xs">
          <Button variant="default" loading={more.isLoading} onClick={more.load}>
            Show more
          </Button>
        </Center>
      )}
    </section>
  );
}

function TableHead<Row extends RowData>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, selection } = props;
  const shown = rows.map(rowId);
  return (
    <Table.Thead>
      <Table.Tr>
        {selection !== undefined && (
          <Table.Th w={36}>
            <Checkbox
              size="xs"
              aria-label="Select all shown"
              checked={selection.holdsAll(shown)}
              indeterminate={selection.holdsSome(shown)}
              onChange={() => selection.toggleAll(shown)}
            />
          </Table.Th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={props.sort} />
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

function defineColumn<Row extends RowData>(column: Column<Row>): ColumnDef<typeof features, Row> {
  return { id: column.id, header: column.title, cell: ({ row }) => column.cell(row.original) };
}

function cellProps<Row extends RowData>(column: Column<Row> | undefined) {
  return {
    ta: column?.align,
    ...(column?.hiddenBelow !== undefined && { visibleFrom: column.hiddenBelow }),
  };
}

function HeadCell<Row extends RowData>(props: {
  readonly column: Column<Row>;
  readonly sort: DataTableProps<Row>['sort'];
}) {
  const { column, sort } = props;
  const { sort: name, title } = column;
  if (name === undefined || sort === undefined) {
    return <Table.Th {...cellProps(column)}>{title}</Table.Th>;
  }
  const isUp = sort.by === name;
  const isDown = sort.by === `-${name}`;
  const Icon = isDown ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      {...cellProps(column)}
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
    >
      <UnstyledButton
        className={classes.sort}
        onClick={() => sort.change(isUp ? `-${name}` : name)}
      >
        <Text span inherit>
          {title}
        </Text>
        <Icon size={14} aria-hidden className={isUp || isDown ? undefined : classes.off} />
      </UnstyledButton>
    </Table.Th>
  );
}
