import { InjectionToken } from '@angular/core';

export const HUES = 6;

/** Which hue stands for a connected system, by its id. */
export type SystemHue = (endpoint: string) => number;

/** A hue from the id alone: the same on every screen, though two systems may share one. */
export function hueOfId(endpoint: string): number {
  let sum = 0;
  for (const character of endpoint) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return (sum ^ (sum >>> 7)) % HUES;
}

/** The console gives hues in the order of the systems it knows, so that the first six differ. */
export const SYSTEM_HUE = new InjectionToken<SystemHue>('hue of a connected system', { factory: () => hueOfId });
