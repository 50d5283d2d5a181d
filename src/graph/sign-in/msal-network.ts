import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { HttpExchange } from '../client/http-exchange.ts';
import type { CloudHosts } from '../clouds.ts';

/**
 * msal's way out. Requests to the authority go to the configured sign-in origin (a simulator on
 * loopback, say); msal itself refuses authorities without https, but not another way to reach
 * them (graph-facts 3, measured). Any other host is refused: nothing here needs one.
 */
export function msalNetwork(http: HttpExchange, hosts: CloudHosts): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions | undefined,
  ): Promise<NetworkResponse<T>> => {
    if (!url.startsWith(`${hosts.authority}/`)) throw new Error('msal asked for another host');
    const answer = await http.exchange({
      method,
      origin: hosts.signIn,
      path: url.slice(hosts.authority.length),
      headers: options?.headers ?? {},
      ...(options?.body === undefined ? {} : { body: options.body }),
    });
    return { status: answer.status, headers: answer.headers, body: parseBody<T>(answer.text) };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

/** msal reads the fields it knows and treats an answer without them as a failure. */
function parseBody<T>(text: string): T {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse('{}');
  }
}
