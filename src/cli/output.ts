import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command's words go; the only file of the CLI that writes to the terminal. */
export interface Output {
  /** Standard output is a terminal: bars and colours are welcome. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** A line for people, to standard output; nothing under `--json`. */
  line(text?: string): void;
  /** A line beside the answer, to standard error: warnings, failures. */
  note(text: string): void;
  /** The answer for programs: one line of JSON. */
  json(value: unknown): void;
  style(style: Style, text: string): string;
  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** From here on lines for people are left out: the answer is JSON alone. */
  silenceLines(): void;
  /** A bar is drawn over the same stream; its stream for cli-progress. */
  readonly stream: NodeJS.WriteStream;
}

type Cell = string | number;

export function createOutput(
  stdout: NodeJS.WriteStream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
): Output {
  let hasLines = true;
  const output: Output = {
    isTerminal: stdout.isTTY === true,
    columns: stdout.columns ?? 100,
    stream: stdout,
    line: (text = '') => {
      if (hasLines) stdout.write(`${text}\n`);
    },
    note: (text) => void stderr.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    style: (style, text) => styleText(style, text, { stream: stdout }),
    table: (head, rows) => {
      if (hasLines) stdout.write(`${drawTable(head, rows, output)}\n`);
    },
    silenceLines: () => {
      hasLines = false;
    },
  };
  return output;
}

function drawTable(head: readonly string[], rows: readonly (readonly Cell[])[], output: Output) {
  const isNumber = head.map((_, at) => rows.every((row) => typeof row[at] === 'number'));
  const table = new Table({
    head: head.map((word) => output.style('bold', word)),
    colAligns: isNumber.map((is) => (is ? 'right' : 'left')),
    // Piped output is read by grep and cut: no frame there.
    ...(output.isTerminal ? {} : { chars: FRAMELESS }),
    style: { head: [], border: [], 'padding-left': output.isTerminal ? 1 : 0 },
  });
  table.push(...rows.map((row) => row.map(printableLines)));
  return table.toString().replaceAll(/[ \t]+$/gm, '');
}

/** A cell of ours may have several lines; names in it were made printable by whoever wrote it. */
function printableLines(cell: Cell): string {
  return String(cell).split('\n').map(printable).join('\n');
}

/** A name from a customer's tenant may hold anything: control characters would steer the terminal. */
export function printable(value: Cell): string {
  return String(value).replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '·');
}

const FRAMELESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};
