import type { RecordKind } from '../../src/http/record-ids.ts';
import { PASSWORD } from './api-fixture.ts';

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
  'runs/restore.execute': (ids) => ({ restoreId: ids.restore }),
  'runs/restore.resolve': (ids) => ({ restoreId: ids.restore }),
  '{restore}/confirm': () => ({ fingerprint: '0'.repeat(64), tenantName: 'x', reason: 'a story' }),
  '{restore}/decisions': () => ({
    tenantName: 'x',
    reason: 'a story',
    decisions: [{ versionId: crypto.randomUUID(), decision: 'look_again' }],
  }),
  '{restore}/retry': () => ({}),
  '{restore}/undo': () => ({}),
  '{restore}/repair': () => ({}),
  'runs/policy.compare_live': (ids) => ({ policyId: ids.policy, versionId: ids.version }),
  'runs/backup.compare': (ids) => ({ before: ids.backup, after: ids.backup }),
  'runs/tenant.compare': (ids) => ({ comparisonId: ids.comparison }),
  '{tenant}/comparisons': (ids) => ({ ours: { backupId: ids.backup, versionId: ids.version } }),
  '{comparison}/copies': (ids, tenantId) => ({
    fromTenantId: tenantId,
    versionIds: [ids.version],
  }),
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
  '{connection}/arm': () => ({ hours: 1, reason: 'a story' }),
  '{connection}/disarm': () => ({ reason: 'a story' }),
  '{restore}/secrets': (ids) => ({
    entries: [{ versionId: ids.version, place: '', value: 'a key' }],
  }),
  'notifications/read': (ids) => ({ ids: [ids.notification] }),
  'runs/{run}/cancel': () => ({}),
  'api/users': () => ({ name: `Somebody ${crypto.randomUUID()}` }),
  '{user}/link': () => ({}),
  '{user}/disable': () => ({}),
  '{user}/enable': () => ({}),
  '{tenant}/members': () => ({ name: 'nobody of that name', role: 'readonly' }),
  '{member}/role': () => ({ role: 'operator' }),
  '{member}/remove': () => ({}),
  'session/sign-in': () => ({ name: 'owner of Acme', password: PASSWORD }),
  'session/sign-out': () => ({}),
  'session/confirm': () => ({ password: PASSWORD }),
  'account/password': () => ({ current: PASSWORD, password: PASSWORD }),
  'links/look': () => ({ token: 'none' }),
  'links/redeem': () => ({ token: 'none' }),
  'sessions/{session}/revoke': () => ({}),
};

/** What only a session may: a token, whatever its scopes, is told so. */
export const SESSION_ONLY: ReadonlySet<string> = new Set([
  '/api/session',
  '/api/session/sign-out',
  '/api/session/confirm',
  '/api/account/password',
]);

/**
 * Routes that ask for more than a right: with the right, and for one's own record, they answer with
 * this code, since nothing was made ready for them.
 */
export const BEYOND_RIGHTS: Readonly<Record<string, string>> = {
  'runs/restore.execute': 'restore.not_previewed',
  'runs/restore.resolve': 'restore.not_executed',
  '{restore}/confirm': 'restore.not_previewed',
  '{restore}/decisions': 'restore.not_executed',
  '{restore}/retry': 'restore.not_executed',
  '{restore}/undo': 'restore.not_executed',
  '{restore}/repair': 'restore.not_executed',
  '{tenant}/members': 'user.unknown',
  // the API alone listens to nothing; what streams tell is another story
  'api/events': 'events.not_here',
  'links/look': 'link.unknown',
  'links/redeem': 'link.unknown',
};

/** Parts of a path that name somebody, or a session: made for each request, which may end them. */
export const PEOPLE_PARAMS = ['session', 'user', 'member'] as const;

/** Parts of a path that name no record by an id of its own, in each way they can be wrong. */
export const OTHER_PARAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  number: { own: '1', foreign: '3', absent: '999999', malformed: 'one' },
};
