#!/usr/bin/env node
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../cli/main.ts';

// Compiled, every file of ours ends in .js.
const simulatorMain = `../../graph-simulator/main${extname(import.meta.url)}`;
const exitCode = await runCli(process.argv.slice(2), {
  cliFile: fileURLToPath(import.meta.url),
  simulatorFile: fileURLToPath(new URL(simulatorMain, import.meta.url)),
  startServer: async (app, port) => {
    const { startServer } = await import('./start-server.ts');
    return startServer(app, port);
  },
});
// Whatever is still open belongs to nobody now: all that must be closed has been.
process.exit(exitCode);
