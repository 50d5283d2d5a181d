import type { GraphReader } from '../graph/port.ts';
import type { TenantId } from '../kernel/ids.ts';
import { connectGraph } from '../tenants/connect-graph.ts';
import { type KeyEncryptionKey, readKeyFile } from '../tenants/key-file.ts';
import type { App } from './create-app.ts';

/**
 * How runs reach the Graph of a tenant. The key file is read at the first need, so that a worker
 * may start before anything has been set up, and again after a failure, so that it may be put back.
 */
export function openTenantGraph(
  app: Pick<App, 'config' | 'db' | 'graph'>,
): (tenantId: TenantId, access: 'read' | 'write') => Promise<GraphReader> {
  let key: Promise<KeyEncryptionKey> | null = null;
  const readKey = (): Promise<KeyEncryptionKey> => {
    key ??= readKeyFile(app.config.keyFile).catch((error: unknown) => {
      key = null;
      throw error;
    });
    return key;
  };
  return async (tenantId, access) => {
    const { db, graph } = app;
    return connectGraph({ db, graph, key: await readKey() }, tenantId, access);
  };
}
