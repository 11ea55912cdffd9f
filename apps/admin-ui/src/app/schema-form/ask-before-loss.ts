import { inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Question } from '../ui/question';
import { FORM } from './schema-form.text';

/** A screen that may hold what a person wrote and has not saved. */
export interface Unsaved {
  hasUnsaved(): boolean;
}

/** Asks before what was written is lost. */
export const askBeforeLoss: CanDeactivateFn<Unsaved> = (screen) => (screen.hasUnsaved() ? inject(Question).ask(FORM.loss) : true);
