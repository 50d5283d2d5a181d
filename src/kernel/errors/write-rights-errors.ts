import type { ErrorFacts } from './error-facts.ts';

/** Rights to write that are not there, or not now. */
export const WRITE_RIGHTS_ERRORS = {
  'connection.not_verified': {
    status: 409,
    retry: 'after_change',
    message: 'The connection was not verified within the last 24 hours.',
    next: 'Verify the connection, then try again.',
  },
  'connection.write_registration_missing': {
    status: 409,
    retry: 'after_change',
    message: 'This tenant has no application that may write, or it was replaced just now.',
    next: 'Add one with "tenantatlas connection write-add", or start again.',
  },
  'connection.write_registration_reads': {
    status: 422,
    retry: 'after_change',
    message: 'This is the application that reads: rights to write would be standing.',
    next: 'Register a second application in Entra, and give its client id.',
  },
  'connection.write_not_verified': {
    status: 409,
    retry: 'after_change',
    message: 'The application that may write was not verified within the last 24 hours.',
    next: 'Verify the connection: it signs in as that application, too.',
  },
  'connection.not_armed': {
    status: 409,
    retry: 'after_change',
    message: 'Writing to this tenant is not armed.',
    next: 'Arm it for some hours with "tenantatlas connection arm", then try again.',
  },
  'restore.write_registration_missing': {
    status: 200,
    retry: 'after_change',
    message: 'No application may write to this tenant yet.',
    next: 'Add one with "tenantatlas connection write-add" before you restore.',
  },
  'restore.permission_missing': {
    status: 200,
    retry: 'after_change',
    message: 'The application that may write seems to lack a permission for this item.',
    next: 'Grant the named permission in Entra and verify the connection.',
  },
} as const satisfies Record<string, ErrorFacts>;
