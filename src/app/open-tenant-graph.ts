import type { GraphReader } from '../graph/port.ts';
import type { TenantId } from '../kernel/ids.ts';
import { connectGraph } from '../tenants/connect-graph.ts';
import type { App } from './create-app.ts';

/** How runs reach the Graph of a tenant. */
export function openTenantGraph(
  app: Pick<App, 'db' | 'graph' | 'readKey'>,
): (tenantId: TenantId, access: 'read' | 'write') => Promise<GraphReader> {
  return async (tenantId, access) => {
    const { db, graph } = app;
    return connectGraph({ db, graph, key: await app.readKey() }, tenantId, access);
  };
}
