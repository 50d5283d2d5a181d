import type { ErrorFacts } from './error-facts.ts';

/** What is wrong with tenants, connections, policies and what was kept of them. */
export const DATA_ERRORS = {
  'policy.gone': {
    status: 410,
    retry: 'never',
    message: 'The policy does not exist any more.',
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
      'A stored credential or value cannot be opened: altered, moved, or sealed with another key.',
    next: 'Restore the key file, or enter it again.',
  },
  'snapshot.damaged': {
    status: 500,
    retry: 'never',
    message: 'A stored policy body does not match its hash.',
    next: 'Restore the database from a backup of its own; this version cannot be used.',
  },
} as const satisfies Record<string, ErrorFacts>;
