import type { ErrorFacts } from './error-facts.ts';

/** What is wrong with this installation: its server, its database, its keys. */
export const INSTALLATION_ERRORS = {
  'server.port_taken': {
    status: 500,
    retry: 'after_change',
    message: 'The address of the server is taken by another program.',
    next: 'Stop that program, or choose another port.',
  },
  'key.file_unusable': {
    status: 500,
    retry: 'after_change',
    message: 'The key file is missing, unreadable, or readable by others.',
    next: 'Put the key file back with mode 0600, or set TENANTATLAS_KEY_FILE.',
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
    next: 'Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL from 15 on, or use WSL2.',
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
} as const satisfies Record<string, ErrorFacts>;
