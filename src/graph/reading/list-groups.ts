import type { JsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { textAt } from '../body-paths.ts';
import type { GraphRequest } from '../client/exchange.ts';
import { type GraphWay, readAllRows, readPages } from '../client/read-pages.ts';
import { GROUPS } from '../contracts/directory-lookup.ts';
import type { DirectoryGroup, DirectoryGroupKind } from '../port.ts';

/** Lists the groups of a directory page by page; never holds more than one page. */
export async function* listGroups(
  way: GraphWay,
  signal: AbortSignal,
): AsyncGenerator<readonly DirectoryGroup[], void, undefined> {
  const request = groupsRequest(GROUPS.top, signal);
  for await (const rows of readPages(way, request)) yield rows.map(toGroup);
}

/** The groups of one name, to their end. */
export async function findGroupsNamed(
  way: GraphWay,
  name: string,
  signal: AbortSignal,
): Promise<readonly DirectoryGroup[]> {
  // OData writes a quote inside a text as two.
  const filter = `displayName eq '${name.replaceAll("'", "''")}'`;
  const request = groupsRequest(`$filter=${encodeURIComponent(filter)}`, signal);
  const rows = await readAllRows(readPages(way, { ...request, isBatchable: true }));
  return rows.map(toGroup);
}

function groupsRequest(query: string, signal: AbortSignal): GraphRequest {
  const url = `/${GROUPS.apiVersion}${GROUPS.path}`;
  return {
    method: 'GET',
    url: `${url}?${GROUPS.select}&${query}`,
    template: url,
    bucket: GROUPS.bucket,
    cost: GROUPS.cost,
    // Pages come one after the other: waiting for company would only delay them.
    isBatchable: false,
    unsafeNumbers: 'refuse',
    signal,
  };
}

function toGroup(row: JsonObject): DirectoryGroup {
  const id = textAt(row, 'id') ?? '';
  if (id === '') throw new AppError('graph.answer_unreadable', { reason: 'row' });
  return {
    id: id.toLowerCase(),
    name: textAt(row, 'displayName') ?? id,
    description: textAt(row, 'description'),
    membershipRule: textAt(row, 'membershipRule'),
    kind: kindOf(row),
  };
}

/** DOC groups-overview: the three properties tell the four kinds apart. */
function kindOf(row: JsonObject): DirectoryGroupKind {
  const types = row['groupTypes'];
  if (Array.isArray(types) && types.includes('Unified')) return 'microsoft365';
  if (row['securityEnabled'] === false) return 'distribution';
  return row['mailEnabled'] === true ? 'mail_security' : 'security';
}
