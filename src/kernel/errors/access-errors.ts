import type { ErrorFacts } from './error-facts.ts';

/** What is wrong with a request, or with the right to make it. */
export const ACCESS_ERRORS = {
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
  'token.unknown': {
    status: 404,
    retry: 'never',
    message: 'There is no such token.',
    next: 'Use the id that "tenantatlas token create" told.',
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
  internal: {
    status: 500,
    retry: 'later',
    message: 'Something went wrong on our side.',
    next: 'Try again; report it with the request id if it stays.',
  },
} as const satisfies Record<string, ErrorFacts>;
