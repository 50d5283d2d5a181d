/** The text of an exported file: UTF-16 of either order or UTF-8, with or without its mark. */
export function decodeFile(bytes: Uint8Array): string {
  // A decoder drops the mark of its own encoding; damaged bytes are an error, never a guess.
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
