import { AppError } from '../kernel/errors.ts';

/** Microsoft's clouds for customers; which one a tenant lives in is a field of its connection. */
export const CLOUDS = ['global', 'usGov', 'china'] as const;
export type Cloud = (typeof CLOUDS)[number];

export interface CloudHosts {
  /** Origin that requests are sent to; a next page must lie there, too. */
  readonly graph: string;
  /** Origin of the sign-in service that requests are sent to. */
  readonly signIn: string;
  /** The sign-in host by name: what msal asks tokens of, wherever it is reached. */
  readonly authority: string;
  /** What a token is asked for. */
  readonly scope: string;
}

/** The hosts of each cloud: process configuration, never tenant data. */
export type GraphHosts = Readonly<Record<Cloud, CloudHosts>>;

/** learn.microsoft.com/graph/deployments: the root endpoints and token services of the clouds. */
const MICROSOFT_HOSTS: GraphHosts = {
  global: microsoftHosts('https://graph.microsoft.com', 'https://login.microsoftonline.com'),
  usGov: microsoftHosts('https://graph.microsoft.us', 'https://login.microsoftonline.us'),
  china: microsoftHosts(
    'https://microsoftgraph.chinacloudapi.cn',
    'https://login.partner.microsoftonline.cn',
  ),
};

/**
 * The hosts to talk to. An override sends every cloud's traffic to a simulator on this machine:
 * credentials must not leave for any other address.
 * @throws AppError `graph.host_refused` for anything but http://127.0.0.1:PORT.
 */
export function graphHosts(loopbackUrl?: string): GraphHosts {
  if (loopbackUrl === undefined) return MICROSOFT_HOSTS;
  if (!/^http:\/\/127\.0\.0\.1:\d{1,5}\/?$/.test(loopbackUrl)) {
    throw new AppError('graph.host_refused');
  }
  const origin = loopbackUrl.replace(/\/$/, '');
  const redirect = (hosts: CloudHosts) => ({ ...hosts, graph: origin, signIn: origin });
  return {
    global: redirect(MICROSOFT_HOSTS.global),
    usGov: redirect(MICROSOFT_HOSTS.usGov),
    china: redirect(MICROSOFT_HOSTS.china),
  };
}

function microsoftHosts(graph: string, signIn: string): CloudHosts {
  return { graph, signIn, authority: signIn, scope: `${graph}/.default` };
}
