import type { ErrorFacts } from './error-facts.ts';

/** What Microsoft Graph refused, or failed to do. Their cause is never stored. */
export const GRAPH_ERRORS = {
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
} as const satisfies Record<string, ErrorFacts>;
