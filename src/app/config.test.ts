import { expect, test } from 'vitest';
import { ConfigError, environmentOf, loadConfig } from './config.ts';

const external = {
  DATABASE_URL: 'postgresql://login:pw1@db/atlas',
  DATABASE_OWNER_URL: 'postgresql://owner:pw2@db/atlas',
};

test('without anything set there is an embedded database with a key outside its data', () => {
  const config = loadConfig({}, {});
  if (config.database.kind !== 'embedded') throw new Error('not embedded');
  expect(config.keyFile.startsWith(`${config.database.dataFolder}/`)).toBe(false);
  expect(config.port).toBe(7420);
});

test('two addresses make an external database whose passwords are never printed', () => {
  const config = loadConfig({}, external);
  expect(config.database.kind).toBe('external');
  expect(JSON.stringify(config)).not.toMatch(/pw1|pw2/);
});

test('a data folder on the command line wins over addresses in the environment', () => {
  const config = loadConfig({ dataFolder: '/tmp/atlas' }, external);
  expect(config.database).toEqual({ kind: 'embedded', dataFolder: '/tmp/atlas' });
  expect(config.keyFile).toBe('/tmp/atlas-keys/main.key');
});

test.each([
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ DATABASE_URL: external.DATABASE_URL }, 'DATABASE_OWNER_URL'],
  [{ DATABASE_OWNER_URL: external.DATABASE_OWNER_URL }, 'DATABASE_URL'],
  [{ TENANTATLAS_GRAPH_URL: 'https://graph.example.com' }, 'TENANTATLAS_GRAPH_URL'],
  [{ TENANTATLAS_GRAPH_URL: 'http://127.0.0.1:80@evil.com' }, 'TENANTATLAS_GRAPH_URL'],
  [{ TENANTATLAS_GRAPH_LIMITS: 'none' }, 'TENANTATLAS_GRAPH_LIMITS'],
  [{ TENANTATLAS_PORT: '70000' }, 'TENANTATLAS_PORT'],
  [{ TENANTATLAS_PORT: 'many' }, 'TENANTATLAS_PORT'],
  [{ TENANTATLAS_LOG_LEVEL: 'loud' }, 'TENANTATLAS_LOG_LEVEL'],
  [{ TENANTATLAS_WORKER_SLOTS: '0' }, 'TENANTATLAS_WORKER_SLOTS'],
  [{ TENANTATLAS_WORKER_BEAT_MS: '1000' }, 'TENANTATLAS_WORKER_DEAD_MS'],
])('%o is refused, naming the variable and not its value', (env, name) => {
  const load = () => loadConfig({}, env);
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(new RegExp(`^${name}: `));
  expect(load).not.toThrow(/many|loud|evil/);
});

test('another process of ours gets the same configuration through its environment', () => {
  const env = {
    ...external,
    TENANTATLAS_GRAPH_URL: 'http://127.0.0.1:4000',
    TENANTATLAS_GRAPH_LIMITS: 'tight',
    TENANTATLAS_WORKER_BEAT_MS: '100',
    TENANTATLAS_WORKER_DEAD_MS: '600',
    TENANTATLAS_KEY_FILE: '/keys/k',
  };
  for (const config of [loadConfig({}, env), loadConfig({ dataFolder: '/tmp/a' }, env)]) {
    const other = loadConfig({}, environmentOf(config, env));
    expect({ ...other, database: null }).toEqual({ ...config, database: null });
    expect(other.database.kind).toBe(config.database.kind);
  }
});
