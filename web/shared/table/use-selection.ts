import { useMemo, useState } from 'react';

/** Rows that a person has ticked, by id. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  toggleAll(shown: readonly string[]): void;
  holdsAll(shown: readonly string[]): boolean;
  holdsSome(shown: readonly string[]): boolean;
  clear(): void;
}

/** Ids stay ticked while one filters and pages; nothing is at first, as far as not said. */
export function useSelection(atFirst: readonly string[] = []): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(() => new Set(atFirst));
  return useMemo(() => {
    const holdsAll = (shown: readonly string[]) =>
      shown.length > 0 && shown.every((id) => ids.has(id));
    return {
      ids,
      holdsAll,
      toggle: (id) => setIds(ids.symmetricDifference(new Set([id]))),
      toggleAll: (shown) =>
        setIds(holdsAll(shown) ? ids.difference(new Set(shown)) : ids.union(new Set(shown))),
      holdsSome: (shown) => !holdsAll(shown) && shown.some((id) => ids.has(id)),
      clear: () => setIds(new Set()),
    };
  }, [ids]);
}
