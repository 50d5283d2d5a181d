import { createOutput, type Output } from '../../src/cli/output.ts';

/** An output whose words are kept instead of shown; piped, not a terminal. */
export function captureOutput(): { output: Output; out: string[]; err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const output = createOutput({
    isTerminal: false,
    columns: 100,
    stream: process.stdout,
    writeOut: (text) => void out.push(text),
    writeErr: (text) => void err.push(text),
  });
  return { output, out, err };
}
