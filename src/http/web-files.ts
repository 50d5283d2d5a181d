import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Compiled, every file of ours ends in .js, and the application lies beside `src`. */
const FOLDER = join(
  import.meta.dirname,
  extname(import.meta.filename) === '.ts' ? '../../web/dist' : '../../web',
);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Names of assets hold the hash of what is in them. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_AN_HOUR = 'public, max-age=3600';

interface WebFile {
  readonly type: string;
  readonly etag: string;
  readonly isAsset: boolean;
  readonly plain: Buffer<ArrayBuffer>;
  readonly br: Buffer<ArrayBuffer> | undefined;
  readonly gzip: Buffer<ArrayBuffer> | undefined;
}

/** The built web application, in memory: about 2 MB, so that no request touches the disk. */
export class WebFiles {
  readonly #files: ReadonlyMap<string, WebFile>;
  readonly #page: string | undefined;

  private constructor(files: ReadonlyMap<string, WebFile>) {
    this.#files = files;
    this.#page = files.get('/index.html')?.plain.toString('utf8');
  }

  /** Reads what was built; nothing, where nobody has. */
  static async read(folder = FOLDER): Promise<WebFiles> {
    const files = new Map<string, WebFile>();
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const type = TYPES[extname(entry.name)];
      if (!entry.isFile() || type === undefined) continue;
      const file = join(entry.parentPath, entry.name);
      const address = file.slice(folder.length).replaceAll('\\', '/');
      files.set(address, await readWebFile(file, type, address.startsWith('/assets/')));
    }
    return new WebFiles(files);
  }

  /** A file of this address, as the request would have it; undefined when there is none. */
  answer(address: string, headers: Headers): Response | undefined {
    const file = address === '/index.html' ? undefined : this.#files.get(address);
    if (file === undefined) return undefined;
    const cache = file.isAsset ? FOR_EVER : FOR_AN_HOUR;
    const shared = { 'cache-control': cache, etag: file.etag, vary: 'accept-encoding' };
    if (headers.get('if-none-match') === file.etag) {
      return new Response(null, { status: 304, headers: shared });
    }
    const accepted = headers.get('accept-encoding') ?? '';
    const encoding = (['br', 'gzip'] as const).find(
      (name) => file[name] !== undefined && accepted.includes(name),
    );
    return new Response(encoding === undefined ? file.plain : file[encoding], {
      headers: {
        ...shared,
        'content-type': file.type,
        ...(encoding !== undefined && { 'content-encoding': encoding }),
      },
    });
  }

  /** The page that every address of the application begins with, with a nonce of its own. */
  page(): Response {
    const nonce = randomBytes(16).toString('base64url');
    const isBuilt = this.#page !== undefined;
    return new Response(this.#page?.replaceAll('%CSP_NONCE%', nonce) ?? NOT_BUILT, {
      status: isBuilt ? 200 : 503,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policyWith(nonce),
      },
    });
  }
}

const NOT_BUILT =
  '<!doctype html><title>TenantAtlas</title><p>The web application was not built. In a checkout, ' +
  'start with "npm run demo" or "npm run tenantatlas -- serve". The API is served: /openapi.json.';

/** Nothing from elsewhere, nothing inline but what carries this answer's nonce. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function readWebFile(file: string, type: string, isAsset: boolean): Promise<WebFile> {
  const plain = await readFile(file);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const [br, gzip] = await Promise.all(
    [`${file}.br`, `${file}.gz`].map((packed) => readFile(packed).catch(() => undefined)),
  );
  return { type, etag, isAsset, plain, br, gzip };
}
