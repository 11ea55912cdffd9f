import { DESKS } from './desks.js';
import { MONITORS } from './monitors.js';
import type { PresetSpecimen } from './preset-specimen.js';
import { SERVICE_NOW } from './service-now.js';
import { SERVICE_SUITES } from './service-suites.js';
import { TRACKERS } from './trackers.js';

/** A specimen of each preset. */
export const PRESET_SPECIMENS: readonly PresetSpecimen[] = [...TRACKERS, ...SERVICE_SUITES, ...SERVICE_NOW, ...DESKS, ...MONITORS];
