import type { RecordKind } from '../../src/http/record-ids.ts';

/** An id of each kind of record, to be put into a request. */
export type Ids = Readonly<Record<RecordKind, string>>;

/**
 * A valid body for each route that takes one, with an id in every place that can hold one. A route
 * that is missing here fails the matrix.
 */
export const BODIES: Readonly<Record<string, (ids: Ids, tenantId: string) => unknown>> = {
  'runs/test.note': () => ({ book: crypto.randomUUID() }),
  'runs/test.policy': (ids) => ({ policyId: ids.policy }),
  'runs/test.many': (ids) => ({
    connectionId: ids.connection,
    selection: { kind: 'some', policyIds: [ids.policy], backupId: ids.backup },
  }),
  'runs/connection.verify': (ids) => ({ connectionId: ids.connection }),
  'runs/policy.sync': () => ({}),
  'runs/directory.sync_groups': () => ({}),
  'runs/policy.capture_snapshot': (ids) => ({ policyId: ids.policy, reason: 'a story' }),
  'runs/backup.create': (ids) => ({ selection: { kind: 'policies', policyIds: [ids.policy] } }),
  'runs/backup.add_policies': (ids) => ({ backupId: ids.backup, policyIds: [ids.policy] }),
  'runs/restore.plan': (ids) => ({ restoreId: ids.restore }),
  '{tenant}/restores': (ids) => ({
    source: { kind: 'backup', backupId: ids.backup },
    selection: { versionIds: [ids.version] },
    mapping: { 'group:a': 'b' },
  }),
  '{restore}/edit': () => ({ options: { namePrefix: 'Copy of ' } }),
  '{restore}/copies': (ids, tenantId) => ({
    fromTenantId: tenantId,
    versionIds: [ids.version],
  }),
  'notifications/read': (ids) => ({ ids: [ids.notification] }),
  'runs/{run}/cancel': () => ({}),
};

/** Parts of a path that name no record by an id of its own, in each way they can be wrong. */
export const OTHER_PARAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  number: { own: '1', foreign: '3', absent: '999999', malformed: 'one' },
};
