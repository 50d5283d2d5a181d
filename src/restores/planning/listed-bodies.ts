import { sql } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { PolicyDocument } from '../../graph/policy-document.ts';
import type { ListedPolicy } from '../../graph/port.ts';
import { sha256Hex } from '../../kernel/canonical-json.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';

/** An object of the target as it is now. */
export type LiveBody = Pick<PolicyDocument, 'graphId' | 'body' | 'contentHash'>;

/**
 * Keeps the bodies that a complete listing brings along beside the items that may mean them:
 * Conditional Access allows one request a second, and each item would cost one more.
 */
export async function keepListedBodies(
  tx: SliceTx,
  restoreId: RestoreId,
  type: PolicyType,
  listed: readonly ListedPolicy[],
): Promise<void> {
  const whole = listed.flatMap(({ graphId, name, document }) =>
    document === undefined || document instanceof Error ? [] : [{ graphId, name, document }],
  );
  if (whole.length === 0) return;
  const bodies = sql`unnest(${whole.map(({ graphId }) => graphId)}::text[],
    ${whole.map(({ name }) => name.replaceAll('\u0000', '\uFFFD').toWellFormed())}::text[],
    ${whole.map(({ document }) => Buffer.from(document.body, 'utf8'))}::bytea[])
    as b (graph_id, name, body)`;
  const update = sql`update restore_items i set listed_graph_id = b.graph_id, listed_body = b.body
    from ${bodies} where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restoreId}
      and i.type = ${type}`;
  await sql`${update} and i.name = b.name
    and i.listed_graph_id is distinct from coalesce(i.chosen_graph_id, i.source_graph_id)`.execute(
    tx.db,
  );
  // what is meant by its id stays, whatever else bears the name
  await sql`${update} and b.graph_id = coalesce(i.chosen_graph_id, i.source_graph_id)`.execute(
    tx.db,
  );
}

/** The body of the object that the item was matched with, if a listing brought it. */
export function listedBodyOf(row: {
  readonly match_graph_id: string | null;
  readonly listed_graph_id: string | null;
  readonly listed_body: Buffer | null;
}): LiveBody | undefined {
  const { match_graph_id: graphId, listed_body: bytes } = row;
  if (graphId === null || bytes === null || row.listed_graph_id !== graphId) return undefined;
  const body = bytes.toString('utf8');
  return { graphId, body, contentHash: sha256Hex(body) };
}
