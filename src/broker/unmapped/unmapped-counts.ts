import { hash } from 'node:crypto';
import { fold } from '../../core/message/fold.js';
import type { Unmapped } from '../../core/rule/decision.js';
import type { UnmappedChange } from '../../store/rule/unmapped.store.js';
import { isSecretName } from '../../web/index.js';

/** Different values between two times of writing; what is beyond comes again. */
const MOST = 5_000;

/** What the executions of one message, or one released execution, had no row for. */
export interface UnmappedOf {
  readonly messageId: string;
  readonly values: readonly Unmapped[];
}

type Change = { -readonly [Name in keyof UnmappedChange]: UnmappedChange[Name] };
type Counted = Pick<UnmappedChange, 'count' | 'firstMs' | 'lastMs' | 'messageId'>;

/** What tables had no row for in this process, until somebody writes it down. */
export class UnmappedCounts {
  private changes = new Map<string, Change>();

  note(organization: string, { messageId, values }: UnmappedOf, nowMs = Date.now()): void {
    for (const one of values) {
      if (one.sources.some(isSecretName)) continue; // nobody is shown a secret
      const table = JSON.stringify([organization, one.ruleId, one.mapping.slice(0, one.mapping.lastIndexOf('/')), one.sources, one.targets]);
      const folded = JSON.stringify(one.values.map(fold));
      this.add(`${one.ruleVersion} ${table} ${folded}`, { count: 1, firstMs: nowMs, lastMs: nowMs, messageId }, () => {
        const { ruleId, ruleVersion, mapping, sources, targets, hasDefault } = one;
        return { organization, id: digest(`${table} ${folded}`), tableId: digest(table), ruleId, ruleVersion, mapping, sources, targets, held: one.values.map(storable), hasDefault };
      });
    }
  }

  /** What was counted since it was last taken. */
  take(): ReadonlyMap<string, UnmappedChange> {
    const taken = this.changes;
    this.changes = new Map();
    return taken;
  }

  /** Counts again what could not be written down. */
  putBack(changes: ReadonlyMap<string, UnmappedChange>): void {
    for (const [key, change] of changes) this.add(key, change, () => change);
  }

  private add(key: string, counted: Counted, first: () => Omit<UnmappedChange, keyof Counted>): void {
    const known = this.changes.get(key);
    if (known === undefined) {
      const { count, firstMs, lastMs, messageId } = counted;
      if (this.changes.size < MOST) this.changes.set(key, { ...first(), count, firstMs, lastMs, messageId });
      return;
    }
    if (counted.lastMs >= known.lastMs) known.messageId = counted.messageId;
    known.count += counted.count;
    known.firstMs = Math.min(known.firstMs, counted.firstMs);
    known.lastMs = Math.max(known.lastMs, counted.lastMs);
  }
}

/** What PostgreSQL cannot keep as text is shown as what cannot be shown. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
const digest = (key: string): string => hash('sha256', key, 'hex').slice(0, 32);

export const UNMAPPED = new UnmappedCounts();
