import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Before anything listens there is nobody to come from anywhere. */
const UNHEARD = new URL('http://127.0.0.1');

/** Where the server is reached by people, and how it knows who speaks. */
export class ServedAddress {
  readonly #publicUrl: URL | null;
  readonly #trustedProxies: ReadonlySet<string>;
  #listening: URL | null = null;

  constructor(publicUrl: URL | null, trustedProxies: readonly string[]) {
    this.#publicUrl = publicUrl;
    this.#trustedProxies = new Set(trustedProxies);
  }

  /** Told once the server listens, for then the port is known. */
  listensOn(url: string): void {
    this.#listening = new URL(url);
  }

  /** What links begin with and pages come from: `https://atlas.example`. */
  origin(): string {
    return (this.#publicUrl ?? this.#listening ?? UNHEARD).origin;
  }

  /**
   * Whether it is served under this `Host`: another name that leads here is an attack on the pages
   * of a browser (DNS rebinding), or a proxy that nobody has told of.
   */
  isServedAs(host: string | undefined): boolean {
    // without a name nobody was misled by one
    if (host === undefined || this.#listening === null) return true;
    const { port } = this.#listening;
    // browsers leave the port of the scheme out
    const suffix = port === '' ? '' : `:${port}`;
    const near = ['127.0.0.1', 'localhost', '[::1]'].map((name) => name + suffix);
    return host === this.#publicUrl?.host || near.includes(host);
  }

  /** The address of whoever speaks; a proxy is believed only when it was named. */
  peerOf(c: Context): string {
    const peer = (c.env === undefined ? undefined : getConnInfo(c).remote.address) ?? 'nowhere';
    if (!this.#trustedProxies.has(peer.replace(/^::ffff:/, ''))) return peer.slice(0, 100);
    const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    return (forwarded ?? peer).slice(0, 100);
  }
}
