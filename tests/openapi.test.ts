import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runTypes } from '../src/app/run-types.ts';
import { allRoutes } from '../src/http/all-routes.ts';
import { describeApi } from '../src/http/openapi.ts';
import { RunTypes } from '../src/runs/run-types.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { noteRun } from './setup/test-run-types.ts';

const schemaSchema = z.record(z.string(), z.unknown());
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }));
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        schema: schemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string().regex(/^(\d{3}|default)$/),
    z.object({ description: z.string().min(1), content: contentSchema }),
  ),
});
/** What OpenAPI 3.1 asks of a document, as far as ours goes; there is no room for other fields. */
const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    license: z.strictObject({ name: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schemaSchema),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
    parameters: z.record(z.string(), z.never()),
  }),
  webhooks: z.record(z.string(), z.never()),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post']), operationSchema),
  ),
});

let world: ApiWorld;
let document: z.output<typeof documentSchema>;
beforeAll(async () => {
  world = await setupApi([noteRun, ...runTypes.all()]);
  document = (await world.acme.as('unauthenticated').get('/openapi.json')).as(documentSchema);
});
afterAll(() => world.close());

test('every route is in the document, and nothing else is', async () => {
  const types = (await world.acme.as('none').get('/api/run-types')).as(
    z.object({ items: z.array(z.object({ name: z.string(), input: schemaSchema })) }),
  );
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  const routes = allRoutes(new RunTypes([noteRun, ...runTypes.all()]));
  expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  for (const { name } of types.items) {
    expect(described).toContain(`post /api/tenants/{tenant}/runs/${name}`);
  }
});

test('operations have names of their own, and every path parameter is described', () => {
  const names = new Set<string>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const operation of Object.values(operations)) {
      if (operation === undefined) continue;
      expect(names).not.toContain(operation.operationId);
      names.add(operation.operationId);
      const inPath = operation.parameters.filter((each) => each.in === 'path');
      expect(inPath.map((each) => `{${each.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every((each) => each.required === true)).toBe(true);
    }
  }
});

const OPEN = ['/healthz', '/api/session/sign-in', '/api/links/look', '/api/links/redeem'];

test('all but what strangers need wants a token or a session, and may fail with a problem', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const operation of Object.values(operations)) {
      if (operation === undefined) continue;
      const wanted = OPEN.includes(path) ? [] : [{ token: [] }, { session: [] }];
      expect([path, operation.security]).toEqual([path, wanted]);
      const problem = operation.responses['default']?.content['application/problem+json'];
      expect(problem?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
    }
  }
});

test('every reference leads somewhere, and every schema is one of JSON Schema 2020-12', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) {
    const name = ref?.replace('#/components/schemas/', '') ?? '';
    expect(document.components.schemas).toHaveProperty(name);
  }
  visitSchemas(document);
});

test('a start is described with its input, its key and both good answers', () => {
  const start = document.paths['/api/tenants/{tenant}/runs/test.note']?.post;
  expect(start?.requestBody?.content['application/json']?.schema).toMatchObject({
    type: 'object',
    required: ['book'],
    additionalProperties: false,
  });
  expect(start?.parameters.map((each) => each.name)).toContain('Idempotency-Key');
  expect(Object.keys(start?.responses ?? {})).toEqual(['200', '201', 'default']);
});

test('a document without a route’s schema cannot be made quietly', () => {
  const [route] = allRoutes(runTypes);
  if (route === undefined) throw new Error('there are routes');
  const hollow = { ...route, answer: z.custom<string>() };
  expect(() => describeApi([hollow], '1.0.0')).toThrow(/unknown/i);
});

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const KEYWORDS = new Set(
  `type properties required additionalProperties items prefixItems enum const format pattern
   minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems oneOf
   anyOf allOf not description title default $ref propertyNames`.match(/\S+/g),
);

/** Looks at each `schema` and each component, however deep. */
function visitSchemas(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'schema') checkSchema(value);
    else if (key === 'schemas') Object.values(schemaSchema.parse(value)).forEach(checkSchema);
    else visitSchemas(value);
  }
}

function checkSchema(schema: unknown): void {
  if (typeof schema === 'boolean') return;
  const facts = schemaSchema.parse(schema);
  expect(Object.keys(facts).filter((key) => !KEYWORDS.has(key))).toEqual([]);
  const types = [facts['type'] ?? []].flat();
  expect(types.every((type) => TYPES.includes(String(type)))).toBe(true);
  for (const inner of Object.values(schemaSchema.parse(facts['properties'] ?? {}))) {
    checkSchema(inner);
  }
  for (const name of ['items', 'additionalProperties', 'not', 'propertyNames']) {
    if (facts[name] !== undefined) checkSchema(facts[name]);
  }
  for (const name of ['oneOf', 'anyOf', 'allOf', 'prefixItems']) {
    for (const inner of z.array(z.unknown()).parse(facts[name] ?? [])) checkSchema(inner);
  }
}
