import { z } from 'zod';
import type { RestoreItem } from '../../api/restores.ts';
import type { ApiClient } from '../client/api-client.ts';
import { UsageError } from '../command.ts';
import { readPreview } from './read-preview.ts';

/** Which hidden value is meant, as people say it. */
interface Wanted {
  readonly item: string;
  readonly place?: string | undefined;
}

/**
 * The hidden value that is meant. An item that no preview has made yet is known by its version
 * only, and then the server says whether there is such a place.
 */
export async function findSecretPlace(
  api: ApiClient,
  path: string,
  { item, place }: Wanted,
): Promise<{ versionId: string; place: string }> {
  const id = z.uuid().safeParse(item);
  if (id.success && place !== undefined) return { versionId: id.data, place };
  const { items } = await readPreview(api, path);
  const found = items.filter(
    ({ versionId, name }) => name === item || versionId === item.toLowerCase(),
  );
  const [only] = found;
  if (only === undefined) throw new UsageError('--item: nothing in the restore is called that');
  if (found.length > 1) throw new UsageError('--item: several are called that; give the version');
  return { versionId: only.versionId, place: place ?? onlyMissing(only) };
}

function onlyMissing({ secrets }: RestoreItem): string {
  const missing = secrets.filter(({ isEntered }) => !isEntered).map(({ place }) => place);
  const [place] = missing;
  if (place === undefined) throw new UsageError('--place: no value is missing; say which is meant');
  if (missing.length > 1) {
    throw new UsageError(`--place: one of ${missing.map((each) => `"${each}"`).join(', ')}`);
  }
  return place;
}
