import { readSettings, type Settings } from './settings.js';

/** The one reader of `process.env`. Throws one error that lists every problem. */
export function settingsOfProcess(): Settings {
  const outcome = readSettings(process.env);
  if ('problems' in outcome) throw new Error(`The settings cannot be used: ${outcome.problems.join('; ')}.`);
  return outcome.settings;
}
