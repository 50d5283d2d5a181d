import type { Db } from '../db/db.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { Graph } from '../graph/create-graph.ts';
import type { GraphReader, GraphWriter, SealedValue } from '../graph/port.ts';
import type { TenantId } from '../kernel/ids.ts';
import { requireConnection } from './find-connection.ts';
import { findWriteRegistration, requireArmedRegistration } from './find-write-registration.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { openCredential, openWriteCredential } from './open-credentials.ts';
import { openEntered } from './open-entered.ts';

/** What it takes to reach the Graph of any tenant of this process. */
export interface GraphDeps {
  readonly db: Db;
  readonly graph: Graph;
  readonly key: KeyEncryptionKey;
}

/** What a run asks of the port. */
type Access = 'read' | 'write';

/**
 * The port to the tenant's Graph through its connection as it is now. For writing it signs in as
 * the write registration, which must be armed, and reads as it, too. Credentials stay sealed until
 * a token is needed.
 * @throws AppError connection.missing; for writing also connection.write_registration_missing,
 *   connection.not_armed
 */
export function connectGraph(
  deps: GraphDeps,
  tenantId: TenantId,
  access: 'write',
): Promise<GraphWriter>;
export function connectGraph(
  deps: GraphDeps,
  tenantId: TenantId,
  access: Access,
): Promise<GraphReader>;
export async function connectGraph(
  { db, graph, key }: GraphDeps,
  tenantId: TenantId,
  access: Access,
): Promise<GraphReader> {
  const { connection, registration } = await inTenant(db, tenantId, async (tx) => ({
    connection: await requireConnection(tx),
    registration: await (access === 'write'
      ? requireArmedRegistration(tx)
      : findWriteRegistration(tx)),
  }));
  const reading = {
    tenantId,
    connectionId: connection.id,
    version: connection.version,
    cloud: connection.cloud,
    entraTenantId: connection.entraTenantId,
    clientId: connection.clientId,
    openCredential: () => openCredential(db, key, tenantId, connection.id),
    openEntered: (value: SealedValue) => openEntered(db, key, tenantId, value),
  };
  if (registration === undefined) return graph.readerFor(reading);
  const { id, version, clientId } = registration;
  const openWriting = () => openWriteCredential(db, key, tenantId, id);
  const write = { id, version, clientId, openCredential: openWriting };
  const writable = { ...reading, write };
  return access === 'write' ? graph.writerFor(writable) : graph.readerFor(writable);
}
