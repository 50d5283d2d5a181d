import { isTest } from './import-rules.ts';
import { inEachFile, type Rule } from './rule.ts';
import type { SourceFile, SyntaxNode } from './source-file.ts';

/** Where outside data is parsed in a way that the compiler cannot follow: keep it short. */
const CASTS_ALLOWED: readonly RegExp[] = [];

/** The only readers of the environment: configuration, and what is no part of the product. */
const ENVIRONMENT_ALLOWED = /^(src\/app\/config\.ts$|scripts\/|tests\/|bench\/|chaos\/)/;

const CLOCK = 'src/kernel/clock.ts';

export const codeRules: readonly Rule[] = [
  {
    name: 'no any',
    find: inEachFile((file) =>
      nodesOf(file, 'TSAnyKeyword').map(({ line }) => ({ line, what: 'any' })),
    ),
    breaks: [breaking('src/db/a.ts', 'const a: any = 1;')],
    keeps: { 'src/db/a.ts': `const any = 'any'; // any` },
  },
  {
    name: 'no casts where the compiler could know',
    find: inEachFile((file) => {
      if (CASTS_ALLOWED.some((allowed) => allowed.test(file.path))) return [];
      return [...nodesOf(file, 'TSAsExpression'), ...nodesOf(file, 'TSTypeAssertion')]
        .filter(({ text }) => !/\bas const$/.test(text))
        .map(({ line, text }) => ({ line, what: `cast: ${text.slice(0, 60)}` }));
    }),
    breaks: [
      breaking('src/db/a.ts', 'const a = b as string;'),
      breaking('src/db/a.ts', 'const a = <string>b;'),
      breaking('tests/a.test.ts', 'const a = b as unknown;'),
    ],
    keeps: { 'src/db/a.ts': `import { a as b } from 'c'; const d = [b] as const;` },
  },
  {
    name: 'no console',
    find: inEachFile((file) =>
      nodesOf(file, 'MemberExpression')
        .filter(({ text }) => /^console\s*[.[]/.test(text))
        .map(({ line }) => ({ line, what: 'console' })),
    ),
    breaks: [breaking('src/cli/a.ts', `console.log('x');`)],
    keeps: { 'src/cli/a.ts': `process.stdout.write('console.log()');` },
  },
  {
    name: 'the environment is read in app/config.ts',
    find: inEachFile((file) => {
      if (ENVIRONMENT_ALLOWED.test(file.path) || isTest(file.path)) return [];
      const reads = nodesOf(file, 'MemberExpression').filter(({ text }) =>
        /^process\s*(\.\s*env|\[\s*['"]env['"]\s*\])$/.test(text),
      );
      const imported = (file.code?.imports ?? []).filter(
        ({ from, names }) => /^(node:)?process$/.test(from) && names.includes('env'),
      );
      return [...reads, ...imported].map(({ line }) => ({ line, what: 'reads the environment' }));
    }),
    breaks: [
      breaking('src/db/a.ts', `const a = process.env['A'];`),
      breaking('src/db/a.ts', `import { env } from 'node:process';`),
      breaking('graph-simulator/a.ts', 'const { A } = process.env;'),
    ],
    keeps: {
      'src/app/config.ts': 'const a = process.env;',
      'src/db/a.ts': '// process.env\nspawn(a, { env: b });',
    },
  },
  {
    name: 'the time is asked of the clock',
    find: inEachFile((file) => {
      if (!file.path.startsWith('src/') || file.path === CLOCK || isTest(file.path)) return [];
      const calls = nodesOf(file, 'CallExpression').filter(({ text }) =>
        /^(Date\.now|performance\.now|process\.hrtime(\.bigint)?|Date)\(\)$/.test(text),
      );
      const dates = nodesOf(file, 'NewExpression').filter(({ text }) =>
        /^new\s+Date(\(\s*\))?$/.test(text),
      );
      return [...calls, ...dates].map(({ line, text }) => ({ line, what: text }));
    }),
    breaks: [
      breaking('src/runs/a.ts', 'const a = Date.now();'),
      breaking('src/runs/a.ts', 'const a = new Date();'),
      breaking('src/runs/a.ts', 'const a = performance.now();'),
    ],
    keeps: {
      'src/kernel/clock.ts': 'const a = new Date();',
      'src/runs/a.ts': 'const a = new Date(b);',
      'graph-simulator/a.ts': 'const a = Date.now();',
    },
  },
];

function breaking(path: string, text: string): Rule['breaks'][number] {
  return { files: { [path]: `\n${text}` }, at: `${path}:2` };
}

function nodesOf(file: SourceFile, type: string): SyntaxNode[] {
  return (file.code?.nodes ?? []).filter((node) => node.type === type);
}
