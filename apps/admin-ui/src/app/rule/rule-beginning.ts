import { Injectable } from '@angular/core';

type Document = Readonly<Record<string, unknown>>;

/** What the next new rule begins as: an imported file, a rule for answers. Taken once. */
@Injectable({ providedIn: 'root' })
export class RuleBeginning {
  private document: Document | undefined;

  put(document: Document): void { this.document = document; }

  take(): Document | undefined {
    const document = this.document;
    this.document = undefined;
    return document;
  }
}
