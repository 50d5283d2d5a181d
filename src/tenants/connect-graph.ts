import type { Db } from '../db/db.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { Graph } from '../graph/create-graph.ts';
import type { GraphReader } from '../graph/port.ts';
import type { TenantId } from '../kernel/ids.ts';
import { requireConnection } from './find-connection.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { openCredential } from './open-credentials.ts';
import { openEntered } from './open-entered.ts';

/** What it takes to reach the Graph of any tenant of this process. */
export interface GraphDeps {
  readonly db: Db;
  readonly graph: Graph;
  readonly key: KeyEncryptionKey;
}

/**
 * A reader of the tenant's Graph through its connection as it is now. The credential stays sealed
 * until a token is needed.
 * @throws AppError connection.missing
 */
export async function connectGraph(deps: GraphDeps, tenantId: TenantId): Promise<GraphReader> {
  const { db, graph, key } = deps;
  const connection = await inTenant(db, tenantId, requireConnection);
  return graph.readerFor({
    tenantId,
    connectionId: connection.id,
    version: connection.version,
    cloud: connection.cloud,
    entraTenantId: connection.entraTenantId,
    clientId: connection.clientId,
    openCredential: () => openCredential(db, key, tenantId, connection.id),
    openEntered: (value) => openEntered(db, key, tenantId, value),
  });
}
