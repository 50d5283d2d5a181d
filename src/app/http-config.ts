import { z } from 'zod';

/** Where the server listens, and under which address people reach it. */
export interface HttpConfig {
  /** An address of this machine. */
  readonly listen: string;
  /** What links begin with; null: where it listens, on this machine only. */
  readonly publicUrl: URL | null;
  /** Files of the certificate and its key; null: plain HTTP, for this machine or a proxy. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Addresses of proxies whose word is taken for where a request came from. */
  readonly trustedProxies: readonly string[];
}

const LOOPBACK = ['127.0.0.1', '::1'];
/** A safe place to begin. */
const DEFAULT_LISTEN = '127.0.0.1';

export const httpEnvironmentShape = {
  TENANTATLAS_LISTEN: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
  TENANTATLAS_PUBLIC_URL: z
    .url({ protocol: /^https$/, error: 'must be an address such as https://atlas.example.com' })
    .refine((url) => !URL.canParse(url) || new URL(url).pathname === '/', 'must have no path')
    .transform((url) => new URL(url))
    .optional(),
  TENANTATLAS_TLS_CERT: z.string().optional(),
  TENANTATLAS_TLS_KEY: z.string().optional(),
  TENANTATLAS_TRUSTED_PROXY: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6()], 'must be IP addresses, separated by commas')))
    .optional(),
};

type HttpEnvironment = z.infer<z.ZodObject<typeof httpEnvironmentShape>>;

/**
 * Nobody else's machine is served in clear: browsers drop `__Host-` cookies there, so that nobody
 * could sign in, and passwords would be read on the way.
 * @param fail throws the error of configuration that names the variable
 */
export function readHttpConfig(set: HttpEnvironment, fail: (text: string) => never): HttpConfig {
  const listen = set.TENANTATLAS_LISTEN ?? DEFAULT_LISTEN;
  const publicUrl = set.TENANTATLAS_PUBLIC_URL ?? null;
  const { TENANTATLAS_TLS_CERT: certFile, TENANTATLAS_TLS_KEY: keyFile } = set;
  const trustedProxies = set.TENANTATLAS_TRUSTED_PROXY ?? [];
  if (certFile === undefined && keyFile !== undefined) {
    return fail('TENANTATLAS_TLS_CERT: needed beside TENANTATLAS_TLS_KEY');
  }
  if (keyFile === undefined && certFile !== undefined) {
    return fail('TENANTATLAS_TLS_KEY: needed beside TENANTATLAS_TLS_CERT');
  }
  const tls = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : null;
  if (tls !== null && publicUrl === null) {
    return fail('TENANTATLAS_PUBLIC_URL: needed with a certificate, the name that it is for');
  }
  if (LOOPBACK.includes(listen)) return { listen, publicUrl, tls, trustedProxies };
  if (publicUrl === null) {
    return fail(
      'TENANTATLAS_PUBLIC_URL: needed to listen on other addresses than 127.0.0.1; ' +
        'over plain HTTP browsers refuse to sign in, and passwords could be read on the way',
    );
  }
  if (tls === null && trustedProxies.length === 0) {
    return fail(
      'TENANTATLAS_TLS_CERT: needed with TENANTATLAS_TLS_KEY to listen on other addresses than ' +
        '127.0.0.1, or TENANTATLAS_TRUSTED_PROXY naming the proxy that speaks HTTPS for us',
    );
  }
  return { listen, publicUrl, tls, trustedProxies };
}
