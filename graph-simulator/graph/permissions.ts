import type { Kind } from '../kinds/kind.ts';
import { graphError, intuneError } from './errors.ts';
import type { Answer, Caller, GraphCall } from './graph-call.ts';

/** A refusal when the token holds none of the permissions that the collection asks for. */
export function refuseMissingPermission(
  call: GraphCall,
  caller: Caller,
  kind: Kind,
  isWrite: boolean,
): Answer | undefined {
  const wanted = isWrite ? kind.permissions.write : kind.permissions.read;
  if (wanted.some((role) => caller.roles.has(role))) return undefined;
  return notPermitted(call, kind);
}

/** 403 as each family says it. */
export function notPermitted(call: GraphCall, kind: Kind | undefined): Answer {
  if (kind === undefined || kind.family === 'directory') {
    return graphError(call, {
      status: 403,
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
    });
  }
  if (kind.family === 'conditionalAccess') {
    return graphError(call, {
      status: 403,
      code: 'AccessDenied',
      message:
        'You cannot perform the requested operation, required scopes are missing in the token.',
    });
  }
  const scopes = [...kind.permissions.read, ...kind.permissions.write].join(', ');
  return intuneError(call, {
    status: 403,
    code: 'Forbidden',
    message:
      'Application is not authorized to perform this operation. ' +
      `Application must have one of the following scopes: ${scopes}`,
  });
}

/** What a tenant without the licence answers. */
export function notLicensed(call: GraphCall, kind: Kind | undefined): Answer {
  if (kind?.family === 'intune') {
    return intuneError(call, {
      status: 400,
      code: 'BadRequest',
      message: 'Request not applicable to target tenant.',
    });
  }
  return graphError(call, {
    status: 403,
    code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    message: "Neither tenant is B2C or tenant doesn't have premium license",
  });
}
