import { Injectable } from '@angular/core';
import type { SuggestInput } from '../../ui/suggest-input';

/** The field that was last written in: names that are chosen elsewhere go there. */
@Injectable()
export class InsertPlace {
  private field: SuggestInput | undefined;

  enter(field: SuggestInput): void { this.field = field; }

  /** False where no field was entered yet. */
  put(name: string): boolean {
    this.field?.insert(name);
    return this.field !== undefined;
  }
}
