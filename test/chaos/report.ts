import { appendFileSync } from 'node:fs';

/** One line for one scenario: shown at once, and kept for the summary at the end of `npm run chaos`. */
export function report(line: string): void {
  process.stdout.write(`chaos: ${line}\n`);
  const file = process.env['PARLEY_CHAOS_REPORT'];
  if (file) appendFileSync(file, `${line}\n`);
}
