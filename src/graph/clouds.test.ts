import { expect, test } from 'vitest';
import { CLOUDS, graphHosts } from './clouds.ts';

test('without an override every cloud has hosts of its own, all https', () => {
  const hosts = graphHosts();
  expect(new Set(CLOUDS.map((cloud) => hosts[cloud].graph)).size).toBe(CLOUDS.length);
  for (const cloud of CLOUDS) {
    expect(hosts[cloud].graph).toMatch(/^https:/);
    expect(hosts[cloud].signIn).toBe(hosts[cloud].authority);
    expect(hosts[cloud].scope).toBe(`${hosts[cloud].graph}/.default`);
  }
});

test('an override sends everything to this machine, but asks for the same tokens', () => {
  const hosts = graphHosts('http://127.0.0.1:4010/');
  expect(hosts.usGov).toEqual({
    ...graphHosts().usGov,
    graph: 'http://127.0.0.1:4010',
    signIn: 'http://127.0.0.1:4010',
  });
});

test.each([
  'https://graph.evil.example',
  'http://127.0.0.1.evil.example:80',
  'http://127.0.0.1:80@evil.example',
  'http://localhost:80',
  'http://127.0.0.1',
  'https://127.0.0.1:80',
  'http://127.0.0.1:80/path',
  '',
])('"%s" is refused: credentials would go there', (url) => {
  expect(() => graphHosts(url)).toThrow(expect.objectContaining({ code: 'graph.host_refused' }));
});
