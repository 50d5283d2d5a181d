import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command's words go; the only file of the CLI that writes to the terminal. */
export interface Output {
  /** Standard output is a terminal: bars and colours are welcome. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** A line for people, to standard output. */
  line(text?: string): void;
  /** A line beside the answer, to standard error: warnings, failures. */
  note(text: string): void;
  /** The answer for programs: one line of JSON. */
  json(value: unknown): void;
  style(style: Style, text: string): string;
  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** A bar is drawn over the same stream; its stream for cli-progress. */
  readonly stream: NodeJS.WriteStream;
}

type Cell = string | number;

/** Where the words end up; a test keeps them. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly stream: NodeJS.WriteStream;
  writeOut(text: string): void;
  writeErr(text: string): void;
}

export function createOutput(terminal: Terminal = processTerminal()): Output {
  const { isTerminal, columns, stream } = terminal;
  const output: Output = {
    isTerminal,
    columns,
    stream,
    line: (text = '') => terminal.writeOut(`${text}\n`),
    note: (text) => terminal.writeErr(`${text}\n`),
    json: (value) => terminal.writeOut(`${JSON.stringify(value)}\n`),
    style: (style, text) => (isTerminal ? styleText(style, text, { stream }) : text),
    table: (head, rows) => terminal.writeOut(`${drawTable(head, rows, output)}\n`),
  };
  return output;
}

function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    isTerminal: stdout.isTTY === true,
    columns: stdout.columns ?? COLUMNS_UNKNOWN,
    stream: stdout,
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
  };
}

const COLUMNS_UNKNOWN = 100;

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

/** A cell of ours may have several lines; names in it were made printable before. */
function printableLines(cell: Cell): string {
  return String(cell).split('\n').map(printable).join('\n');
}

/** A customer's names may hold anything: control characters would steer the terminal. */
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
