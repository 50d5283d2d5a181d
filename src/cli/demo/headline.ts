import type { Output } from '../output.ts';

/** Begins a part of the demo's story. */
export function headline(output: Output, text: string): string {
  return `\n${output.style('bold', text)}`;
}
