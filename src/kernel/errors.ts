/** Every way something can go wrong that a person may meet: one class, one table. */

/** What a caller may do about it: try the same again never, after a wait, or once something changed. */
export type Retry = 'never' | 'later' | 'after_change';

interface ErrorFacts {
  readonly status: number;
  readonly retry: Retry;
  /** Plain and safe to show to anyone. */
  readonly message: string;
  /** What the reader can do next. */
  readonly next: string;
}

export const ERRORS = {
  unauthorized: {
    status: 401,
    retry: 'after_change',
    message: 'You are not signed in, or your token is not valid.',
    next: 'Sign in again, or make a new token with "tenantatlas token create".',
  },
  forbidden: {
    status: 403,
    retry: 'never',
    message: 'You may not see this, or it does not exist.',
    next: 'Ask an owner of the tenant for access.',
  },
  'capability.missing': {
    status: 403,
    retry: 'after_change',
    message: 'Your role in this tenant does not allow this.',
    next: 'Ask an owner of the tenant for a role that does.',
  },
  'request.invalid': {
    status: 422,
    retry: 'after_change',
    message: 'Something in the request is not valid.',
    next: 'Correct the named field and send it again.',
  },
  'request.malformed': {
    status: 400,
    retry: 'after_change',
    message: 'The request could not be read.',
    next: 'Send a JSON body with the header Content-Type: application/json.',
  },
  'request.too_large': {
    status: 413,
    retry: 'after_change',
    message: 'The request is larger than allowed.',
    next: 'Send less at once.',
  },
  'route.unknown': {
    status: 404,
    retry: 'never',
    message: 'There is nothing at this address.',
    next: 'See /openapi.json for what there is.',
  },
  'idempotency.key_reused': {
    status: 422,
    retry: 'never',
    message: 'This Idempotency-Key was used with another request.',
    next: 'Use a new key for a new request.',
  },
  'user.name_taken': {
    status: 409,
    retry: 'after_change',
    message: 'There is already a user of this name.',
    next: 'Choose another name.',
  },
  'user.unknown': {
    status: 404,
    retry: 'after_change',
    message: 'There is no such user.',
    next: 'Check the name, or add the user with "tenantatlas user add".',
  },
  'member.exists': {
    status: 409,
    retry: 'never',
    message: 'This user is already a member of the tenant.',
    next: 'Change the role instead.',
  },
  'member.unknown': {
    status: 404,
    retry: 'never',
    message: 'This user is not a member of the tenant.',
    next: 'Add the user as a member first.',
  },
  'member.last_owner': {
    status: 409,
    retry: 'after_change',
    message: 'A tenant must keep at least one owner.',
    next: 'Make someone else an owner first.',
  },
  'server.port_taken': {
    status: 500,
    retry: 'after_change',
    message: 'The address of the server is taken by another program.',
    next: 'Stop that program, or choose another port.',
  },
  'run.live_with_other_input': {
    status: 409,
    retry: 'later',
    message: 'A run for the same target with other input is still going on.',
    next: 'Wait for the live run to end, or cancel it.',
  },
  'run.fence_lost': {
    status: 409,
    retry: 'never',
    message: 'Another worker has taken over this run.',
    next: 'Nothing to do: the other worker goes on.',
  },
  'run.ended': {
    status: 409,
    retry: 'never',
    message: 'This run has already ended.',
    next: 'Start a new one.',
  },
  'run.rights_missing': {
    status: 403,
    retry: 'after_change',
    message: 'Nobody who asked for this run holds the right to it any more.',
    next: 'Have someone with the right start it again.',
  },
  'run.timed_out': {
    status: 500,
    retry: 'later',
    message: 'The run took longer than its limit.',
    next: 'Start it again; what was done is kept.',
  },
  'run.nothing_succeeded': {
    status: 500,
    retry: 'later',
    message: 'No item of this run succeeded.',
    next: 'Look at the items for the reasons.',
  },
  'run.cancelled': {
    status: 409,
    retry: 'never',
    message: 'The run was cancelled.',
    next: 'Start a new one if it is still wanted.',
  },
  'run.interrupted': {
    status: 503,
    retry: 'later',
    message: 'The worker was stopped.',
    next: 'Nothing to do: the run goes on with another worker.',
  },
  'run.type_unknown': {
    status: 422,
    retry: 'after_change',
    message: 'This version of TenantAtlas does not know this kind of run.',
    next: 'Run all servers and workers in the same version.',
  },
  'item.crashed': {
    status: 500,
    retry: 'later',
    message: 'Working this item ended the worker several times.',
    next: 'Report it; the other items were worked.',
  },
  'item.timed_out': {
    status: 504,
    retry: 'later',
    message: 'Working this item took too long.',
    next: 'Start the run again.',
  },
  'policy.gone': {
    status: 410,
    retry: 'never',
    message: 'The policy was deleted while the run was going on.',
    next: 'Nothing to do.',
  },
  'policy.unchanged': {
    status: 200,
    retry: 'never',
    message: 'Nothing changed since the last version.',
    next: 'Nothing to do.',
  },
  'policy.already_in_backup': {
    status: 200,
    retry: 'never',
    message: 'This policy is already in the backup.',
    next: 'Nothing to do.',
  },
  'policy.type_unknown': {
    status: 422,
    retry: 'never',
    message: 'This policy type is not known.',
    next: 'See "tenantatlas policies --help" for the types.',
  },
  'tenant.name_taken': {
    status: 409,
    retry: 'after_change',
    message: 'There is already a tenant of this name.',
    next: 'Choose another name.',
  },
  'credential.unusable': {
    status: 422,
    retry: 'after_change',
    message: 'The secret, or the certificate with its key, cannot be used.',
    next: 'Give a secret value, or a valid PEM certificate with its unencrypted private key.',
  },
  'connection.missing': {
    status: 409,
    retry: 'after_change',
    message: 'This tenant has no connection to Microsoft Graph.',
    next: 'Add one with "tenantatlas connection add".',
  },
  'connection.exists': {
    status: 409,
    retry: 'never',
    message: 'This tenant already has a connection.',
    next: 'Remove it first, or replace its credentials.',
  },
  'sealed.refused': {
    status: 500,
    retry: 'never',
    message:
      'A stored credential cannot be opened: it was altered, moved, or sealed with another key.',
    next: 'Restore the key file, or enter the credential again.',
  },
  'key.file_unusable': {
    status: 500,
    retry: 'after_change',
    message: 'The key file is missing, unreadable, or readable by others.',
    next: 'Put the key file back with mode 0600, or set TENANTATLAS_KEY_FILE.',
  },
  'snapshot.damaged': {
    status: 500,
    retry: 'never',
    message: 'A stored policy body does not match its hash.',
    next: 'Restore the database from a backup of its own; this version cannot be used.',
  },
  'graph.sign_in_failed': {
    status: 502,
    retry: 'after_change',
    message: 'Microsoft refused the sign-in of this connection.',
    next: 'Check the client id and the secret or certificate, and that consent was given.',
  },
  'graph.permission_missing': {
    status: 502,
    retry: 'after_change',
    message: 'The connection lacks a permission for this policy type.',
    next: 'Grant the named permission in Entra and verify the connection.',
  },
  'graph.not_licensed': {
    status: 502,
    retry: 'never',
    message: 'The tenant has no licence for this policy type.',
    next: 'Nothing to do.',
  },
  'graph.not_found': {
    status: 502,
    retry: 'never',
    message: 'Microsoft Graph does not know this object.',
    next: 'It was probably deleted.',
  },
  'graph.refused': {
    status: 502,
    retry: 'never',
    message: 'Microsoft Graph refused the request.',
    next: 'Report it with the request id.',
  },
  'graph.route_unknown': {
    status: 502,
    retry: 'never',
    message: 'Microsoft Graph does not know this address.',
    next: 'Report it: a contract is wrong.',
  },
  'graph.conflict': {
    status: 502,
    retry: 'later',
    message: 'Microsoft Graph reports a conflict.',
    next: 'Try again.',
  },
  'graph.throttled': {
    status: 503,
    retry: 'later',
    message: 'Microsoft Graph asks to wait.',
    next: 'The run goes on by itself after the wait.',
  },
  'graph.unavailable': {
    status: 503,
    retry: 'later',
    message: 'Microsoft Graph does not answer, or answers with an error of its own.',
    next: 'The run goes on by itself after a while.',
  },
  'graph.incomplete': {
    status: 502,
    retry: 'later',
    message: 'Microsoft Graph sent less than the whole object.',
    next: 'Start the run again.',
  },
  'graph.number_unsafe': {
    status: 502,
    retry: 'never',
    message: 'The object holds a number too large to be kept exactly.',
    next: 'Report it.',
  },
  'graph.answer_unreadable': {
    status: 502,
    retry: 'later',
    message: 'The answer of Microsoft Graph could not be read.',
    next: 'Start the run again.',
  },
  'graph.write_refused': {
    status: 500,
    retry: 'never',
    message: 'A reading run tried to write.',
    next: 'Report it.',
  },
  'graph.host_refused': {
    status: 500,
    retry: 'after_change',
    message: 'The address given for Microsoft Graph is not accepted.',
    next: 'Only http://127.0.0.1:PORT is accepted, for the simulator; leave it out for Microsoft.',
  },
  'database.unreachable': {
    status: 503,
    retry: 'later',
    message: 'The database does not answer.',
    next: 'See "tenantatlas doctor".',
  },
  'database.sign_in_refused': {
    status: 500,
    retry: 'after_change',
    message: 'PostgreSQL refuses the sign-in, or there is no such database.',
    next: 'Check user, password and database name in DATABASE_URL and DATABASE_OWNER_URL.',
  },
  'database.newer': {
    status: 500,
    retry: 'after_change',
    message: 'The database was made by a newer version of TenantAtlas.',
    next: 'Install that version, or a later one.',
  },
  'database.role_too_strong': {
    status: 500,
    retry: 'after_change',
    message: 'The application signs in to PostgreSQL with a superuser or BYPASSRLS role.',
    next: 'Use a login role without these rights in DATABASE_URL.',
  },
  'database.wall_broken': {
    status: 500,
    retry: 'never',
    message: 'The tenant wall in the database is not complete.',
    next: 'Do not start: report the named tables.',
  },
  'database.too_old': {
    status: 500,
    retry: 'after_change',
    message: 'PostgreSQL is older than version 15.',
    next: 'Use PostgreSQL 15 or newer.',
  },
  'database.migration_changed': {
    status: 500,
    retry: 'never',
    message: 'A migration that was already run has another content now.',
    next: 'Restore the original file; add a new migration instead.',
  },
  'embedded.unsupported_platform': {
    status: 500,
    retry: 'after_change',
    message: 'There is no embedded PostgreSQL for this platform.',
    next: 'Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL 15 or newer (on Windows: use WSL2).',
  },
  'embedded.disk_full': {
    status: 500,
    retry: 'after_change',
    message: 'The disk that holds the data folder is full.',
    next: 'Free some space, or use --data DIR on another disk.',
  },
  'embedded.port_taken': {
    status: 500,
    retry: 'after_change',
    message: 'The port is taken by another program.',
    next: 'Stop that program, or choose another port.',
  },
  'embedded.data_unusable': {
    status: 500,
    retry: 'after_change',
    message: 'The data folder cannot be used.',
    next: 'Check its owner and rights, or use --data DIR.',
  },
  'embedded.start_failed': {
    status: 500,
    retry: 'later',
    message: 'The embedded PostgreSQL did not start.',
    next: 'See postgres.log in the data folder.',
  },
  'server.unreachable': {
    status: 503,
    retry: 'later',
    message: 'The TenantAtlas server does not answer.',
    next: 'Start it with "tenantatlas serve", or name its address with --url.',
  },
  'server.answer_unreadable': {
    status: 502,
    retry: 'after_change',
    message: 'What answered is not a TenantAtlas server of this version.',
    next: 'Check the address, and use the same version for client and server.',
  },
  'server.port_taken': {
    status: 500,
    retry: 'after_change',
    message: 'The port is taken by another program.',
    next: 'Stop that program, or choose another port with --port.',
  },
  internal: {
    status: 500,
    retry: 'later',
    message: 'Something went wrong on our side.',
    next: 'Try again; report it with the request id if it stays.',
  },
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof ERRORS;

/** Ids, counts and codes only: never a token, a policy body or another system's text. */
export type SafeDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: SafeDetails;
  constructor(code: ErrorCode, details: SafeDetails = {}, cause?: unknown) {
    super(ERRORS[code].message, { cause });
    this.code = code;
    this.details = details;
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
