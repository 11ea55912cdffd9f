// Preloaded into an application: its clock is off by what stands in the file PARLEY_TEST_CLOCK, in milliseconds, looked at now and then.
import { readFileSync } from 'node:fs';

const file = process.env.PARLEY_TEST_CLOCK;
const LOOK_MS = 50;
const real = Date.now.bind(Date);
let offset = 0;
setInterval(() => {
  try {
    offset = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // not written yet
  }
}, LOOK_MS).unref();

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [real() + offset] : given));
  }

  static now() {
    return real() + offset;
  }
};
