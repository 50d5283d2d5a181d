import { isJsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { textAt } from '../body-paths.ts';
import type { GraphRequest } from '../client/exchange.ts';
import type { GraphWay } from '../client/read-pages.ts';
import { DIRECTORY_LOOKUP } from '../contracts/directory-lookup.ts';

/**
 * Names of groups by id; ids that Graph does not know are absent. Asked in portions, since the
 * look-up takes a bounded number of ids.
 */
export async function readGroupNames(
  way: GraphWay,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const wanted = [...new Set(ids)];
  for (let from = 0; from < wanted.length; from += DIRECTORY_LOOKUP.idsMax) {
    const portion = wanted.slice(from, from + DIRECTORY_LOOKUP.idsMax);
    const { body } = await way.send(lookupRequest(portion, signal));
    const rows = isJsonObject(body) ? body['value'] : undefined;
    if (!Array.isArray(rows)) throw new AppError('graph.answer_unreadable', { reason: 'page' });
    for (const row of rows.filter(isJsonObject)) {
      const id = textAt(row, 'id');
      const name = textAt(row, 'displayName');
      if (id !== null && name !== null) names.set(id, name);
    }
  }
  return names;
}

function lookupRequest(ids: readonly string[], signal: AbortSignal): GraphRequest {
  const url = `/${DIRECTORY_LOOKUP.apiVersion}${DIRECTORY_LOOKUP.path}`;
  return {
    method: 'POST',
    url: `${url}?${DIRECTORY_LOOKUP.query}`,
    template: url,
    bucket: 'directory',
    cost: DIRECTORY_LOOKUP.cost,
    body: { ids, types: ['group'] },
    isBatchable: false,
    unsafeNumbers: 'refuse',
    signal,
  };
}
