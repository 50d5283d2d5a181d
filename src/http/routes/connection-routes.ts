import { z } from 'zod';
import { requireRecentSignIn } from '../../access/require-recent-sign-in.ts';
import { type Connection, connectionSchema } from '../../api/connections.ts';
import { connectionIdSchema } from '../../kernel/ids.ts';
import {
  armConnection,
  armSchema,
  disarmConnection,
  disarmSchema,
} from '../../tenants/arm-connection.ts';
import {
  type ConnectionRow,
  connectionsList,
  readConnection,
} from '../../tenants/list-connections.ts';
import { actorOf } from '../actor-of.ts';
import { tenantListRoute } from '../list-route.ts';
import { instantOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const connections = '/api/tenants/{tenant}/connections';
const oneConnection = z.object({ connection: connectionIdSchema });

/** How we sign in to a tenant's Graph, and when what may write there may do so. */
export function connectionRoutes(): GuardedRoute[] {
  return [listConnections, arm, disarm];
}

const listConnections = tenantListRoute({
  path: connections,
  summary: 'How we sign in to Microsoft Graph; never with the credential',
  capability: 'tenant:read',
  params: NOTHING,
  filters: z.object({}),
  item: connectionSchema,
  list: connectionsList,
  filterOf: () => ({}),
  present: presentConnection,
});

const arm = tenantRoute({
  method: 'post',
  path: `${connections}/{connection}/arm`,
  summary: 'Lets runs write to this tenant for some hours, which are counted from now',
  capability: 'connections:manage',
  params: oneConnection,
  query: NOTHING,
  body: armSchema,
  answer: connectionSchema,
  statuses: [200],
  async handle({ tx, principal, clock, params, body }) {
    requireRecentSignIn(principal, clock);
    await armConnection(tx, actorOf(principal), params.connection, body);
    return { status: 200, body: presentConnection(await readConnection(tx, params.connection)) };
  },
});

const disarm = tenantRoute({
  method: 'post',
  path: `${connections}/{connection}/disarm`,
  summary: 'Takes the right to write back at once',
  capability: 'connections:manage',
  params: oneConnection,
  query: NOTHING,
  body: disarmSchema,
  answer: connectionSchema,
  statuses: [200],
  async handle({ tx, principal, params, body }) {
    await disarmConnection(tx, actorOf(principal), params.connection, body);
    return { status: 200, body: presentConnection(await readConnection(tx, params.connection)) };
  },
});

function presentConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    cloud: row.cloud,
    entraTenantId: row.entra_tenant_id,
    clientId: row.client_id,
    credentialKind: row.credential_kind,
    version: row.version,
    verifiedAt: instantOf(row.verified_at),
    createdAt: row.created_at.toISOString(),
    writeRegistration: presentWriting(row),
  };
}

function presentWriting(row: ConnectionRow): Connection['writeRegistration'] {
  if (row.write_client_id === null) return null;
  return {
    clientId: row.write_client_id,
    verifiedAt: instantOf(row.write_verified_at),
    armedUntil: instantOf(row.armed_until),
    armedBy: row.armed_by,
  };
}
