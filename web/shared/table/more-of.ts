interface PagedList {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** The `more` of a `DataTable` over a `useList`. */
export function moreOf(list: PagedList): { more?: { isLoading: boolean; load(): void } } {
  if (!list.hasNextPage) return {};
  return { more: { isLoading: list.isFetchingNextPage, load: () => void list.fetchNextPage() } };
}
