import {
  type RestoreDetail,
  type RestoreItem,
  restoreDetailSchema,
  restoreItemsPageSchema,
} from '../../api/restores.ts';
import type { ApiClient } from '../client/api-client.ts';

/** A restore with the items that something would happen to, or cannot. */
export interface RestorePreview {
  readonly restore: RestoreDetail;
  readonly items: readonly RestoreItem[];
  /** Names of the groups that the items speak of, by id in small letters. */
  readonly groupNames: ReadonlyMap<string, string>;
}

const PAGE = 50;

/** Reads a restore and its items to the end. */
export async function readPreview(api: ApiClient, path: string): Promise<RestorePreview> {
  const restore = await api.get(path, restoreDetailSchema);
  const items: RestoreItem[] = [];
  const groupNames = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, cursor };
    const page = await api.get(restore.links.items, restoreItemsPageSchema, query);
    items.push(...page.items);
    for (const [id, name] of Object.entries(page.groupNames)) groupNames.set(id, name);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { restore, items, groupNames };
}

/** The answer for programs. */
export function previewJson({ restore, items, groupNames }: RestorePreview) {
  return { ...restore, items, groupNames: Object.fromEntries(groupNames) };
}
