import { basename } from 'node:path';
import { inEachFile, type Rule } from './rule.ts';
import type { SourceFile, SyntaxNode } from './source-file.ts';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;
const COLUMNS_MAX = 100;

/** What a person writes and reads line by line; documents and data have other shapes. */
const BOUNDED = /\.(ts|tsx|mjs|sql|sh)$|^\.ci\/run$/;
/** Made by a tool from the catalog. */
const GENERATED = new Set(['db/schema.sql']);

/** Every folder is a room that the house style names. */
const TOP_FOLDERS = [
  '.ci',
  'bench',
  'chaos',
  'db',
  'docs',
  'graph-simulator',
  'migrations',
  'scripts',
].concat(['src', 'tests', 'web']);
const ROOMS = ['kernel', 'api', 'db', 'graph', 'audit', 'runs', 'queue', 'access'].concat([
  'tenants',
  'policies',
  'backups',
  'restores',
  'comparisons',
  'notifications',
  'app',
  'http',
  'cli',
  'bin',
]);
const ROOMS_OF_NOTHING = ['utils', 'util', 'helpers', 'common', 'types', 'services', 'misc', 'lib'];

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|tsx|mts|mjs)$/;
const MIGRATION = /^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$/;

export const shapeRules: readonly Rule[] = [
  {
    name: `files have at most ${FILE_LINES_MAX} lines`,
    find: inEachFile((file) => {
      const count = file.text.trimEnd().split('\n').length;
      if (!isBounded(file) || count <= FILE_LINES_MAX) return [];
      return [{ line: FILE_LINES_MAX + 1, what: `${count} lines` }];
    }),
    breaks: [
      { files: { 'src/db/a.ts': 'f();\n'.repeat(301) }, at: 'src/db/a.ts:301' },
      { files: { 'migrations/0001_a.sql': '--\n'.repeat(301) }, at: 'migrations/0001_a.sql:301' },
    ],
    keeps: { 'src/db/a.ts': 'f();\n'.repeat(300), 'db/schema.sql': '--\n'.repeat(999) },
  },
  {
    name: `functions have at most ${FUNCTION_LINES_MAX} lines`,
    find: inEachFile((file) =>
      (file.code?.nodes ?? []).filter(isFunction).flatMap(({ line, lastLine, parent }) => {
        const count = lastLine - line + 1;
        if (count <= FUNCTION_LINES_MAX || isDescribe(parent)) return [];
        return [{ line, what: `a function of ${count} lines` }];
      }),
    ),
    breaks: [
      {
        files: { 'src/db/a.ts': `\nfunction a() {\n${'b();\n'.repeat(59)}}` },
        at: 'src/db/a.ts:2',
      },
      {
        files: { 'src/db/a.ts': `const a = () => {\n${'b();\n'.repeat(59)}}` },
        at: 'src/db/a.ts:1',
      },
    ],
    keeps: {
      'src/db/a.ts': `function a() {\n${'b();\n'.repeat(58)}}`,
      'src/db/a.test.ts': `describe('a', () => {\n${'b();\n'.repeat(70)}})`,
    },
  },
  {
    name: `lines have at most ${COLUMNS_MAX} columns`,
    find: inEachFile((file) => {
      if (!isBounded(file)) return [];
      return file.lines.flatMap((line, index) =>
        [...line].length > COLUMNS_MAX
          ? [{ line: index + 1, what: `${[...line].length} columns` }]
          : [],
      );
    }),
    breaks: [
      { files: { 'src/db/a.ts': `\n// ${'x'.repeat(98)}` }, at: 'src/db/a.ts:2' },
      { files: { 'migrations/0001_a.sql': `--${'x'.repeat(99)}` }, at: 'migrations/0001_a.sql:1' },
    ],
    keeps: { 'src/db/a.ts': `// ${'ü'.repeat(97)}`, 'README.md': 'x'.repeat(200) },
  },
  {
    name: 'rooms are those of the house style',
    find: inEachFile(({ path }) => {
      const folders = path.split('/').slice(0, -1);
      const [top, room] = folders;
      if (top !== undefined && !TOP_FOLDERS.includes(top))
        return [{ line: 1, what: `room ${top}/` }];
      if (top === 'src' && !ROOMS.includes(room ?? '')) {
        return [{ line: 1, what: `no room src/${room ?? ''}` }];
      }
      const homeless = folders.find((folder) => ROOMS_OF_NOTHING.includes(folder));
      return homeless === undefined ? [] : [{ line: 1, what: `room of nothing: ${homeless}/` }];
    }),
    breaks: [
      { files: { 'src/misc/a.ts': '' }, at: 'src/misc/a.ts:1' },
      { files: { 'src/a.ts': '' }, at: 'src/a.ts:1' },
      { files: { 'src/db/helpers/a.ts': '' }, at: 'src/db/helpers/a.ts:1' },
      { files: { 'tools/a.ts': '' }, at: 'tools/a.ts:1' },
    ],
    keeps: { 'src/db/embedded/a.ts': '', 'vitest.config.ts': '', 'docs/decisions/0001-a.md': '' },
  },
  {
    name: 'file names are kebab-case, migrations are numbered',
    find: inEachFile(({ path }) => {
      const name = basename(path);
      const isCode = /\.(ts|tsx|mts|mjs)$/.test(name);
      const isMigration = path.startsWith('migrations/');
      const isWell = isMigration ? MIGRATION.test(name) : !isCode || KEBAB.test(name);
      return isWell ? [] : [{ line: 1, what: `file name ${name}` }];
    }),
    breaks: [
      { files: { 'src/db/tenantTx.ts': '' }, at: 'src/db/tenantTx.ts:1' },
      { files: { 'migrations/1_a.sql': '' }, at: 'migrations/1_a.sql:1' },
    ],
    keeps: { 'src/db/tenant-tx.test.ts': '', 'migrations/0001_lane_tickets.sql': '', LICENSE: '' },
  },
  {
    name: 'work left over names its issue',
    find: inEachFile((file) => {
      if (file.path.startsWith('tests/tidy/') || !/\.(ts|tsx|mjs|sql|md)$/.test(file.path))
        return [];
      return file.lines.flatMap((line, index) =>
        /\b(TODO|FIXME|XXX|HACK)\b(?! \(issue \d+\))/.test(line)
          ? [{ line: index + 1, what: 'work left over without an issue' }]
          : [],
      );
    }),
    breaks: [{ files: { 'src/db/a.ts': '\n// TODO later' }, at: 'src/db/a.ts:2' }],
    keeps: { 'src/db/a.ts': '// TODO (issue 7) later' },
  },
];

function isBounded(file: SourceFile): boolean {
  return BOUNDED.test(file.path) && !GENERATED.has(file.path);
}

function isFunction({ type }: SyntaxNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
}

/** A describe block is a chapter, not a function: it is as long as its tests are many. */
function isDescribe(parent: SyntaxNode | null): boolean {
  return parent?.type === 'CallExpression' && /^describe\b/.test(parent.text);
}
