import { posix } from 'node:path';
import { isTest, resolveImport } from './import-rules.ts';
import type { Rule } from './rule.ts';
import type { SourceFile } from './source-file.ts';

/** Where the product, its tools and its tests begin; what none of them leads to is dead. */
const PRODUCT_STARTS = [
  /^src\/bin\/[^/]+\.ts$/,
  /^graph-simulator\/main\.ts$/,
  /^bench\/main\.ts$/,
  /^chaos\/main\.ts$/,
  /^scripts\/[^/]+\.(ts|mjs)$/,
  /^vitest\.config\.ts$/,
  /^web\/app\/main\.tsx$/,
  /^web\/vite\.config\.ts$/,
];
const TEST_STARTS = [/\.test\.tsx?$/, /^tests\/setup\/global-setup\.ts$/];

export const reachRules: readonly Rule[] = [
  {
    name: 'every file is reached: the product without its tests, the tests beside it',
    find: (files) => {
      const product = reach(files, PRODUCT_STARTS);
      const all = reach(files, [...PRODUCT_STARTS, ...TEST_STARTS]);
      return files
        .filter(({ code, path }) => code !== null && !(isTest(path) ? all : product).has(path))
        .map(({ path }) => ({ path, line: 1, what: 'nothing leads here' }));
    },
    breaks: [
      {
        files: { 'src/bin/a.ts': `import '../db/b.ts';`, 'src/db/b.ts': '', 'src/db/c.ts': '' },
        at: 'src/db/c.ts:1',
      },
      {
        files: { 'src/db/b.test.ts': `import './b.ts';`, 'src/db/b.ts': '' },
        at: 'src/db/b.ts:1',
      },
      { files: { 'tests/setup/a.ts': '' }, at: 'tests/setup/a.ts:1' },
    ],
    keeps: {
      'src/bin/a.ts': `const b = '../db/b.ts'; const c = 'src/db/c.ts';`,
      'src/db/b.ts': '',
      'src/db/c.ts': '',
      'tests/a.test.ts': `import './setup/b.ts';`,
      'tests/setup/b.ts': '',
    },
  },
];

function reach(files: readonly SourceFile[], starts: readonly RegExp[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const waiting = files.filter(({ path }) => starts.some((start) => start.test(path)));
  const reached = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file.path)) continue;
    reached.add(file.path);
    for (const path of mentionedBy(file)) {
      const next = byPath.get(path);
      if (next !== undefined) waiting.push(next);
    }
  }
  return reached;
}

/** Imports, and names of files in texts: a process is started by the path of its script. */
function mentionedBy(file: SourceFile): string[] {
  const imported = (file.code?.imports ?? []).map((found) => resolveImport(file, found) ?? '');
  const named = (file.code?.nodes ?? [])
    .filter(({ type, text }) => type === 'Literal' && /\.(ts|tsx|mjs)['"]$/.test(text))
    .map(({ text }) => text.slice(1, -1))
    .flatMap((name) => [posix.normalize(name), posix.join(posix.dirname(file.path), name)]);
  return [...imported, ...named];
}
