import { expect, test } from 'vitest';
import { captureOutput } from '../../tests/setup/cli-output.ts';
import type { CliParts } from './command.ts';
import { COMMANDS } from './commands.ts';
import { runCli } from './main.ts';

const ID = '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a01';
const NOTHING_STARTS: CliParts = {
  cliFile: '/nowhere',
  simulatorFile: '/nowhere',
  startServer: () => Promise.reject(new Error('a server was started')),
};

/** Says a command line to the program, in this process. */
async function say(...args: string[]) {
  const { output, out, err } = captureOutput();
  const code = await runCli(args, NOTHING_STARTS, output);
  return { code, out: out.join(''), err: err.join('') };
}

function connection(...more: string[]): string[] {
  return ['connection', 'add', '--tenant', 'T', '--entra-tenant', ID, '--client-id', ID, ...more];
}

test.each([
  [['nonsense'], 'nonsense'],
  [['serve', '--port', '99999'], '--port'],
  [['serve', '--port', 'x'], '--port'],
  [['serve', '--server-only', '--worker-only'], '--worker-only'],
  [['demo', '--corpus', '/nowhere/at/all'], '--corpus'],
  [['demo', '--port', '-1'], '--port'],
  [['user', 'add'], "'name'"],
  [['user', 'add', ''], '<name>'],
  [['tenant', 'add', 'T'], '--owner'],
  [['member', 'add', '--tenant', 'T', '--user', 'A', '--role', 'boss'], '--role'],
  [['connection', 'add', '--tenant', 'T', '--client-id', ID], '--entra-tenant'],
  [connection('--entra-tenant', 'x'), '--entra-tenant'],
  [connection('--client-id', 'x'), '--client-id'],
  [connection('--cloud', 'mars'), '--cloud'],
  [connection(), '--secret-file'],
  [connection('--secret-stdin', '--secret-file', '/dev/null'), '--secret-file'],
  [connection('--secret-file', '/nowhere/secret'), '--secret-file'],
  [connection('--certificate-file', '/dev/null'), '--key-file'],
  [connection('--secret', 'on the command line'), '--secret'],
  [['connection', 'write-add', '--tenant', 'T'], '--client-id'],
  [['connection', 'write-add', '--tenant', 'T', '--client-id', ID], '--secret-file'],
  [['connection', 'arm', '--tenant', 'T', '--reason', 'r'], '--hours'],
  [['connection', 'arm', '--tenant', 'T', '--reason', 'r', '--hours', '25'], '--hours'],
  [['connection', 'arm', '--tenant', 'T', '--reason', 'r', '--hours', '1.5'], '--hours'],
  [['connection', 'arm', '--tenant', 'T', '--reason', ' ', '--hours', '1'], '--reason'],
  [['connection', 'disarm', '--tenant', 'T'], '--reason'],
  [['token', 'create', '--user', 'A', '--scopes', 'everything'], '--scopes'],
  [['token', 'create', '--user', 'A', '--expires', '9y'], '--expires'],
  [['token', 'create', '--user', 'A', '--expires', '400d'], '--expires'],
  [['token', 'create', '--user', 'A', '--url', 'ftp://x'], '--url'],
  [['backup', '--types', 'wish'], '--types'],
  [['backup', '--types', ''], '--types'],
  [['backup', '--policy', 'x'], '--policy'],
  [['backup', '--types', 'namedLocation', '--policy', ID], '--policy'],
  [['restore', 'plan'], '--from'],
  [['restore', 'plan', '--from', 'x'], '--from'],
  [['restore', 'plan', '--from', ID, '--only', 'wish'], '--only'],
  [['restore', 'plan', '--from', ID, '--ca-state', 'on'], '--ca-state'],
  [['restore', 'show', 'x'], '<restore>'],
  [['restore', 'secret', ID], '--item'],
  [['restore', 'secret', ID, '--item', 'x'], '--value-file'],
  [['restore', 'secret', ID, '--item', 'x', '--value-stdin', '--value-file', 'x'], '--value-file'],
  [['restore', 'secret', ID, '--item', 'x', '--value-file', '/nowhere/value'], '--value-file'],
  [['restore', 'secret', ID, '--item', 'x', '--value-file', '/dev/null'], '--value-file'],
  [['restore', 'secret', ID, '--item', 'x', '--value', 'on the command line'], '--value'],
  [['runs', '--phase', 'done'], '--phase'],
  [['runs', '--limit', '0'], '--limit'],
  [['policies', '--type', 'wish'], '--type'],
  [['run', 'watch', 'x'], '<id>'],
  [['run', 'cancel', 'x'], '<id>'],
  [['run', 'start', 'policy.sync', '--input', '{'], '--input'],
  [['sync', '--url', 'nonsense'], '--url'],
  [['sync', '--frobnicate'], '--frobnicate'],
  [['sync', 'superfluous'], 'too many arguments'],
])('%j is a usage error that names %s', async (args, named) => {
  const { code, err } = await say(...args);
  expect(err).toContain(named);
  expect(code).toBe(2);
});

test.each(COMMANDS.filter(({ name }) => name !== 'simulator').map(({ name }) => name))(
  '%s explains itself',
  async (name) => {
    const { code, out } = await say(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: tenantatlas ${name} `));
  },
);

test('without a command, and with --help, every command is listed', async () => {
  const help = await say('--help');
  expect(help.code).toBe(0);
  for (const { name } of COMMANDS) {
    expect(help.out).toMatch(new RegExp(`^  ${name.split(' ')[0]} `, 'm'));
  }
  expect(await say()).toEqual(help);
});
