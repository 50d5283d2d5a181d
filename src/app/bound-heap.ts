import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets the heap of a busy process grow to several times of what is alive in it, for speed. A
 * worker is busy for hours and shares its machine: from here on the young generation stays as large
 * as start-up made it, and the old one is collected when it has grown by half. Measured with a
 * backup of 10,000 policies: peak 360 MB without, 200 MB with, for a tenth more CPU.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
