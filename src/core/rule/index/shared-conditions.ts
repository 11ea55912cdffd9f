import type { CompiledCondition } from '../condition/condition.js';
import type { Scope } from '../scope.js';

/** From so many rules on, asking once and crossing them all out is cheaper than asking each. */
const MIN_SHARERS = 4;

interface Shared {
  readonly condition: CompiledCondition;
  readonly places: number[];
}

/** Conditions that stand alike in many rules: each is asked once per message. */
export class SharedConditions {
  private readonly shared: readonly Shared[];

  /** The conditions of each rule that nothing else asks beforehand. */
  constructor(ofRules: readonly (readonly CompiledCondition[])[]) {
    const byKey = new Map<string, Shared>();
    ofRules.forEach((conditions, place) => {
      for (const condition of conditions) {
        const known = byKey.get(condition.key);
        if (known === undefined) byKey.set(condition.key, { condition, places: [place] });
        else known.places.push(place);
      }
    });
    this.shared = [...byKey.values()].filter(({ places }) => places.length >= MIN_SHARERS);
  }

  /** Takes the mark from every rule of which a shared condition fails. */
  exclude(scope: Scope, marks: Uint8Array): void {
    for (const { condition, places } of this.shared) {
      // Not worth asking where none of them is left.
      if (places.some((place) => marks[place] === 1) && !condition.holds(scope)) for (const place of places) marks[place] = 0;
    }
  }
}
