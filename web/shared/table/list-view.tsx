import type { ReactNode } from 'react';
import { FailedState } from '../page/failed-state.tsx';
import { LoadingRows } from '../page/loading-rows.tsx';

interface ListState<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly error: unknown;
  readonly isPlaceholderData: boolean;
  refetch(): unknown;
}

interface ListViewProps<Row> {
  /** From `useList`. */
  readonly list: ListState<Row>;
  /** For no rows at all: `<EmptyState>`. */
  readonly empty: ReactNode;
  children(rows: readonly Row[]): ReactNode;
}

/** A list in each of its states: loading, failed, empty, and with rows. */
export function ListView<Row>({ list, empty, children }: ListViewProps<Row>) {
  const { rows, error } = list;
  if (rows === undefined) {
    return error === null ? <LoadingRows /> : <FailedState error={error} retry={list.refetch} />;
  }
  return (
    <>
      {error !== null && <FailedState error={error} retry={list.refetch} />}
      <div aria-busy={list.isPlaceholderData}>{rows.length === 0 ? empty : children(rows)}</div>
    </>
  );
}
