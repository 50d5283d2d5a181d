import { type RunningSimulator, type SimulatorOptions, startSimulator } from '../server.ts';
import type { AppUse, Tenant } from '../state/tenant.ts';
import { isObject, type Json, type JsonObject, objectsOf, parseJson } from '../values/json.ts';

/** An HTTP answer with its body read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** A running simulator and a signed-in client of one of its tenants. */
export interface Connected {
  readonly running: RunningSimulator;
  readonly tenant: Tenant;
  /** Sends to Graph with the token; a body makes it JSON. */
  send(method: string, path: string, body?: Json): Promise<Reply>;
  get(path: string): Promise<Reply>;
  /** Follows next links to the end. */
  readAll(path: string): Promise<JsonObject[]>;
  /** Sends to the simulator's own pages. */
  control(method: string, page: string, body?: Json): Promise<Reply>;
  arm(rule: JsonObject): Promise<void>;
  close(): Promise<void>;
}

/** Starts a simulator and signs in to its tenant number `place`. */
export async function connect(options: SimulatorOptions = {}, place = 0): Promise<Connected> {
  const running = await startSimulator(options);
  const tenant = running.simulator.world.tenants[place];
  if (tenant === undefined) throw new Error(`there is no tenant ${place}`);
  const token = await fetchToken(running.url, tenant);
  const send = (method: string, path: string, body?: Json) => {
    const url = path.startsWith('http') ? path : running.url + path;
    return request(method, url, body, { authorization: `Bearer ${token}` });
  };
  const control = (method: string, page: string, body?: Json) =>
    request(method, `${running.url}/_simulator/${page}`, body, {});
  return {
    running,
    tenant,
    send,
    get: (path) => send('GET', path),
    readAll: (path) => readPages(send, path),
    control,
    arm: async (rule) => {
      const { status, body } = await control('POST', 'faults', rule);
      if (status !== 201) throw new Error(`fault refused: ${JSON.stringify(body)}`);
    },
    close: () => running.close(),
  };
}

/** A token got with the secret of one of the tenant's applications. */
export async function fetchToken(
  url: string,
  tenant: Tenant,
  use: AppUse = 'read',
): Promise<string> {
  const { body } = await postForm(`${url}/${tenant.id}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
    client_id: tenant.apps[use].clientId,
    client_secret: tenant.apps[use].clientSecret,
  });
  return String(body['access_token']);
}

/** Posts a form, as sign-in wants it. */
export async function postForm(url: string, form: Record<string, string>): Promise<Reply> {
  return reply(await fetch(url, { method: 'POST', body: new URLSearchParams(form) }));
}

/** The code and message of Graph's error envelope. */
export function errorOf(answer: Reply): { code: string; message: string } {
  const error = answer.body['error'];
  if (!isObject(error)) throw new Error(`no error in ${JSON.stringify(answer.body)}`);
  return { code: String(error['code']), message: String(error['message']) };
}

async function readPages(send: Connected['send'], path: string): Promise<JsonObject[]> {
  const elements: JsonObject[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { status, body }: Reply = await send('GET', next);
    if (status !== 200) throw new Error(`${next}: ${status} ${JSON.stringify(body)}`);
    elements.push(...objectsOf(body['value']));
    const link: Json | undefined = body['@odata.nextLink'];
    next = typeof link === 'string' ? link : undefined;
  }
  return elements;
}

async function request(
  method: string,
  url: string,
  body: Json | undefined,
  headers: Record<string, string>,
): Promise<Reply> {
  if (body === undefined) return reply(await fetch(url, { method, headers }));
  const json = { ...headers, 'content-type': 'application/json' };
  return reply(await fetch(url, { method, headers: json, body: JSON.stringify(body) }));
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const body = text === '' ? {} : parseJson(text);
  return { status: response.status, headers: response.headers, body: isObject(body) ? body : {} };
}
