import type { Family } from '../kinds/kind.ts';
import type { JsonObject } from '../values/json.ts';
import type { Answer, GraphCall } from './graph-call.ts';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Merged over the error object: some errors carry more keys. */
  readonly more?: JsonObject;
}

/** Graph's plain error envelope. */
export function graphError(call: GraphCall, problem: Problem): Answer {
  return {
    status: problem.status,
    headers: problem.headers ?? {},
    body: {
      error: {
        code: problem.code,
        message: problem.message,
        ...problem.more,
        innerError: innerError(call),
      },
    },
  };
}

/** Intune's: the message is a JSON text of its own, with CRLF and indents. */
export function intuneError(call: GraphCall, problem: Problem): Answer {
  const message = {
    _version: 3,
    Message:
      `${problem.message} - Operation ID (for customer support): ${ZERO} - ` +
      `Activity ID: ${call.requestId} - Url: https://fef.msub01.manage.microsoft.com/` +
      `DeviceConfiguration_2611/StatelessDeviceConfigurationFEService${pathOnly(call.path)}`,
    CustomApiErrorPhrase: '',
    RetryAfter: null,
    ErrorSourceService: '',
    HttpHeaders: '{}',
  };
  const text = JSON.stringify(message, null, 2).replaceAll('\n', '\r\n');
  return graphError(call, { ...problem, message: text });
}

/** The error in the shape of the family that answers. */
export function familyError(call: GraphCall, family: Family, problem: Problem): Answer {
  return family === 'intune' ? intuneError(call, problem) : graphError(call, problem);
}

/** No object of that id: each family words it in its own way. */
export function notFound(call: GraphCall, family: Family, id: string): Answer {
  if (family === 'directory') {
    return graphError(call, {
      status: 404,
      code: 'Request_ResourceNotFound',
      message:
        `Resource '${id}' does not exist or one of its queried reference-property objects ` +
        'are not present.',
    });
  }
  if (family === 'conditionalAccess') {
    return graphError(call, {
      status: 404,
      code: 'NotFound',
      message: `1040: ${id} does not exist in the directory.`,
    });
  }
  return intuneError(call, {
    status: 404,
    code: 'ResourceNotFound',
    message: 'An error has occurred',
  });
}

/** An address that does not exist: in Intune's own words behind /deviceManagement. */
export function noRoute(call: GraphCall): Answer {
  const first = call.segments[0]?.toLowerCase() ?? '';
  if (first === 'devicemanagement' && call.version === 'beta') {
    const depth = '/navigation/key/navigation'.split('/').slice(0, call.segments.length);
    return graphError(call, {
      status: 400,
      code: 'No method match route template',
      message:
        `No OData route exists that match template ~/singleton${depth.join('/')} with http verb ` +
        `${call.method} for request ${pathOnly(call.path)}.`,
    });
  }
  return graphError(call, {
    status: 400,
    code: 'BadRequest',
    message: `Resource not found for the segment '${call.segments.at(-1) ?? ''}'.`,
  });
}

/** A method that the collection does not have. */
export function methodNotAllowed(call: GraphCall, family: Family): Answer {
  if (family === 'intune') return noRoute(call);
  return graphError(call, {
    status: 405,
    code: 'Request_BadRequest',
    message: 'Specified HTTP method is not allowed for the request target.',
  });
}

/** The request itself is wrong. */
export function badRequest(call: GraphCall, message: string, code = 'BadRequest'): Answer {
  return graphError(call, { status: 400, code, message });
}

/** The part of every error that support asks for. */
export function innerError(call: GraphCall): JsonObject {
  return {
    date: new Date().toISOString().slice(0, 19),
    'request-id': call.requestId,
    'client-request-id': call.clientRequestId,
  };
}

const ZERO = '00000000-0000-0000-0000-000000000000';

function pathOnly(path: string): string {
  return path.split('?')[0] ?? path;
}
