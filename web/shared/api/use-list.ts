import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { pageSchema } from '../../../src/api/page.ts';
import { refreshEvery } from '../live/live-stream.ts';
import { queryText, request } from './request.ts';

export type ListQuery = Readonly<Record<string, string | number | undefined>>;

/** More pages than this are not kept in one list on screen; filters lead further. */
const PAGES_MAX = 200;

/**
 * A list of the API, page after page. `rows` are all that have come so far; `fetchNextPage` asks
 * for more; `refreshMs` asks anew that often. Rows of the filter before stay until those of the
 * new one are there.
 */
export function useList<Item extends z.ZodType>(
  item: Item,
  path: string,
  query: ListQuery = {},
  refreshMs?: number,
) {
  const list = useInfiniteQuery({
    queryKey: ['list', path, query],
    queryFn: ({ pageParam, signal }) =>
      request(pageSchema(item), path + queryText({ ...query, cursor: pageParam }), { signal }),
    initialPageParam: cursorOf(null),
    getNextPageParam: (page, pages) =>
      pages.length < PAGES_MAX ? cursorOf(page.nextCursor) : undefined,
    placeholderData: keepPreviousData,
    ...(refreshMs !== undefined && { refetchInterval: () => refreshEvery(refreshMs) }),
  });
  return { ...list, rows: list.data?.pages.flatMap((page) => page.items) };
}

function cursorOf(cursor: string | null): string | undefined {
  return cursor ?? undefined;
}

/**
 * Every row of a list, for an export: follows the cursors to the end, or to `max` rows.
 * @param told how many rows have come so far
 */
export async function readAll<Item extends z.ZodType>(
  item: Item,
  path: string,
  query: ListQuery,
  options: { readonly max: number; told?(count: number): void; signal?: AbortSignal },
): Promise<{ rows: z.output<Item>[]; isComplete: boolean }> {
  const rows: z.output<Item>[] = [];
  let cursor: string | null = null;
  do {
    const address: string = path + queryText({ ...query, limit: 200, cursor: cursor ?? undefined });
    const page = await request(pageSchema(item), address, {
      ...(options.signal && { signal: options.signal }),
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
    options.told?.(rows.length);
  } while (cursor !== null && rows.length < options.max);
  return { rows: rows.slice(0, options.max), isComplete: cursor === null };
}
