import { posix } from 'node:path';
import type { Finding, Rule } from './rule.ts';
import type { Import, SourceFile } from './source-file.ts';

/** House style, section 1: a room imports only from rooms of a lower step. */
const STEPS: readonly (readonly string[])[] = [
  ['kernel'],
  // a table names the policy types that it holds, and a change of members is audited
  ['api', 'graph'],
  ['db'],
  ['audit'],
  ['access', 'notifications'],
  ['runs'],
  ['queue', 'tenants', 'policies', 'backups', 'restores', 'comparisons'],
  ['app'],
  ['http', 'cli'],
  ['bin'],
];

/** The features, in the one order in which they may know each other. */
const FEATURES = ['tenants', 'policies', 'backups', 'restores', 'comparisons'];

/** Who beside the rooms: what each top folder may import of ours. */
const FOLDERS: Record<string, (target: string) => boolean> = {
  'graph-simulator': (target) => target.startsWith('graph-simulator/'),
  web: (target) => /^(web|src\/api|src\/kernel)\//.test(target),
  src: (target) => target.startsWith('src/'),
};

/** Modules that open a wall, and the only files that may import them. */
const RESTRICTED: readonly { module: string; by: RegExp; why: string }[] = [
  {
    module: 'src/tenants/open-credentials.ts',
    by: /^src\/tenants\/connect-graph\.ts$/,
    why: 'credentials are opened for the token provider only',
  },
  {
    module: 'src/db/system-tx.ts',
    by: /^src\/(queue|tenants|db)\//,
    why: 'cross-tenant work belongs to queue/, tenants/ and db/',
  },
];

/** The queue engine is named in queue/ and in one file of runs/, so that it can be exchanged. */
const ENGINE = /graphile/i;

export const importRules: readonly Rule[] = [
  {
    name: 'imports point left',
    find: inEachImport(whyNotAllowed),
    breaks: [
      example('src/kernel/a.ts', `import { b } from '../db/b.ts';`),
      example('src/graph/a.ts', `import { b } from '../db/b.ts';`),
      example('src/policies/a.ts', `import { b } from '../backups/b.ts';`),
      example('src/backups/a.ts', `import { b } from '../queue/b.ts';`),
      example('src/queue/a.ts', `const b = await import('../policies/b.ts');`),
      example('src/http/a.ts', `import type { B } from '../cli/b.ts';`),
      example('src/app/a.ts', `import { b } from '../../graph-simulator/b.ts';`),
      example('src/app/a.ts', `import { b } from '../../tests/setup/b.ts';`),
      example('graph-simulator/a.ts', `import { b } from '../src/kernel/b.ts';`),
      example('web/app/a.ts', `import { b } from '../../src/runs/b.ts';`),
    ],
    keeps: {
      'src/backups/a.ts': `import '../policies/b.ts'; import '../runs/b.ts'; import 'pg';`,
      'web/app/a.ts': `import '../../src/api/b.ts';`,
      'src/app/a.test.ts': `import '../../tests/setup/b.ts';`,
    },
  },
  {
    name: 'guarded modules are imported only where they belong',
    find: inEachImport((file, target) => {
      const rule = RESTRICTED.find(({ module }) => module === target);
      if (rule === undefined || rule.by.test(file.path) || !file.path.startsWith('src/')) return;
      return isTestOf(file.path, target) ? undefined : rule.why;
    }),
    breaks: [
      example('src/http/a.ts', `import { o } from '../tenants/open-credentials.ts';`),
      example('src/tenants/a.ts', `import { o } from './open-credentials.ts';`),
      example('src/backups/a.ts', `import { asSystem } from '../db/system-tx.ts';`),
    ],
    keeps: {
      'src/tenants/connect-graph.ts': `import { o } from './open-credentials.ts';`,
      'src/tenants/open-credentials.test.ts': `import { o } from './open-credentials.ts';`,
    },
  },
  {
    name: 'the queue engine is named in queue/ and one file of runs/',
    find: findEngineNames,
    breaks: [
      example('src/http/a.ts', '\n// as graphile-worker does'),
      {
        files: { 'src/runs/a.ts': '// graphile_worker', 'src/runs/b.ts': '// graphile_worker' },
        at: 'src/runs/b.ts:1',
      },
    ],
    keeps: { 'src/queue/a.ts': `import 'graphile-worker';`, 'src/runs/a.ts': '// graphile' },
  },
  {
    name: 'no barrels: import the file that owns the name',
    find: (files) =>
      files.flatMap((file) =>
        (file.code?.reexports ?? []).map(({ from, line }) => ({
          path: file.path,
          line,
          what: `re-exports ${from}`,
        })),
      ),
    breaks: [
      example('src/db/a.ts', `\nexport { b } from './b.ts';`),
      example('src/db/a.ts', `export * from './b.ts';`),
      example('src/db/a.ts', `export type { B } from './b.ts';`),
    ],
    keeps: { 'src/db/a.ts': `import { b } from './b.ts'; export const c = b;` },
  },
];

function example(path: string, text: string): Rule['breaks'][number] {
  return { files: { [path]: text }, at: `${path}:${text.startsWith('\n') ? 2 : 1}` };
}

function inEachImport(why: (file: SourceFile, target: string) => string | undefined): Rule['find'] {
  return (files) =>
    files.flatMap((file) =>
      (file.code?.imports ?? []).flatMap((found): Finding[] => {
        const target = resolveImport(file, found);
        const what = target === null ? undefined : why(file, target);
        return what === undefined ? [] : [{ path: file.path, line: found.line, what }];
      }),
    );
}

/** The file that a relative import means, from the root; null for packages. */
export function resolveImport(file: SourceFile, found: Import): string | null {
  if (!found.from.startsWith('.')) return null;
  return posix.join(posix.dirname(file.path), found.from);
}

function whyNotAllowed(file: SourceFile, target: string): string | undefined {
  if (isTest(file.path)) return;
  const [top = '', room = ''] = file.path.split('/');
  const mayImport = FOLDERS[top];
  if (mayImport !== undefined && !mayImport(target)) return `${top}/ may not import ${target}`;
  const targetRoom = target.split('/')[1] ?? '';
  if (top !== 'src' || !target.startsWith('src/') || room === targetRoom) return;
  const isEarlierFeature =
    FEATURES.includes(room) &&
    FEATURES.includes(targetRoom) &&
    FEATURES.indexOf(targetRoom) < FEATURES.indexOf(room);
  if (isEarlierFeature || stepOf(targetRoom) < stepOf(room)) return;
  return `${room}/ may not import ${targetRoom}/ (${target})`;
}

function stepOf(room: string): number {
  return STEPS.findIndex((rooms) => rooms.includes(room));
}

function findEngineNames(files: readonly SourceFile[]): Finding[] {
  const named = files.filter(
    ({ path, text }) => /^src\/(?!queue\/)/.test(path) && !isTest(path) && ENGINE.test(text),
  );
  const allowed = named.find(({ path }) => path.startsWith('src/runs/'));
  return named
    .filter((file) => file !== allowed)
    .map((file) => ({
      path: file.path,
      line: file.lines.findIndex((line) => ENGINE.test(line)) + 1,
      what: 'names the queue engine',
    }));
}

/** The simulator keeps what its own tests share in a room of its own. */
export function isTest(path: string): boolean {
  return /^(tests|graph-simulator\/testing)\//.test(path) || /\.test\.tsx?$/.test(path);
}

function isTestOf(path: string, target: string): boolean {
  return path === target.replace(/\.ts$/, '.test.ts');
}
