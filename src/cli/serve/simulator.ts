import { z } from 'zod';
import { endProcess } from '../../app/supervise-process.ts';
import { SECOND } from '../../kernel/durations.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { spawnCompanion } from './spawn-program.ts';

const STOP_GRACE_MS = 5 * SECOND;

/** `simulator`: a Microsoft Graph that is none, as a program of its own. */
export const simulatorCommand = defineCommand({
  describe(command) {
    command
      .allowUnknownOption()
      .allowExcessArguments(true)
      .helpOption(false)
      .argument('[flags...]', 'the simulator explains its flags with --help');
  },
  options: z.object({ flags: z.array(z.string()).default([]) }),
  async run(cli, { flags }) {
    const simulator = spawnCompanion(cli.parts.simulatorFile, flags);
    simulator.stdout?.on('data', (text: Buffer) => cli.output.line(text.toString().trimEnd()));
    const onStop = () => void endProcess(simulator, STOP_GRACE_MS);
    cli.stop.addEventListener('abort', onStop, { once: true });
    const exitCode = await new Promise<number | null>((resolve) => {
      simulator.once('exit', resolve);
    });
    if (exitCode === 0 || cli.stop.aborted) return EXIT.ok;
    return exitCode === 1 ? EXIT.usage : EXIT.notStarted;
  },
});
