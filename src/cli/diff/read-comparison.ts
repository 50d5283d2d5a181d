import {
  type Comparison,
  type ComparisonItem,
  comparisonItemsPageSchema,
  comparisonSchema,
} from '../../api/comparisons.ts';
import type { ApiClient } from '../client/api-client.ts';

/** A comparison with everything but what is the same. */
export interface ReadComparison {
  readonly comparison: Comparison;
  readonly items: readonly ComparisonItem[];
  /** Names of the groups that the items speak of, by id in small letters. */
  readonly groupNames: ReadonlyMap<string, string>;
}

const PAGE = 50;
const KINDS = ['changed', 'new', 'gone', 'left_out', 'ambiguous', 'uncompared'] as const;

/** Reads a comparison and its items to the end, kind by kind. */
export async function readComparison(api: ApiClient, path: string): Promise<ReadComparison> {
  const comparison = await api.get(path, comparisonSchema);
  const items: ComparisonItem[] = [];
  const groupNames = new Map<string, string>();
  for (const kind of KINDS) {
    let cursor: string | undefined;
    do {
      const query = { limit: PAGE, kind, cursor };
      const page = await api.get(comparison.links.items, comparisonItemsPageSchema, query);
      items.push(...page.items);
      for (const [id, name] of Object.entries(page.groupNames)) groupNames.set(id, name);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  return { comparison, items, groupNames };
}

/** The same read the other way round: the later side first. */
export function turnAround({ comparison, items, groupNames }: ReadComparison): ReadComparison {
  const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
  return {
    comparison: { ...comparison, before: comparison.after, after: comparison.before },
    items: items.map((item) => ({
      ...item,
      kind: item.kind === 'gone' ? 'new' : item.kind,
      before: item.after,
      after: item.before,
      links: { before: item.links.after, after: item.links.before },
      differences: item.differences.map((difference) => ({
        ...difference,
        kind: turned[difference.kind],
        before: difference.after,
        after: difference.before,
      })),
    })),
    groupNames,
  };
}
