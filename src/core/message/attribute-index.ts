import { fold } from './fold.js';
import type { FlatObject, Scalar, Value } from './value.js';

/** Attributes found by folded name; built once per message, then each look-up is one map access. */
export class AttributeIndex<V = Value> {
  private readonly byFoldedName = new Map<string, V>();

  constructor(attributes: { readonly [name: string]: V }) {
    // Of two spellings of one name the later one counts, as with a repeated key in JSON.
    for (const name in attributes) {
      if (Object.hasOwn(attributes, name)) this.byFoldedName.set(fold(name), attributes[name] as V);
    }
  }

  /** The value under a name that is already folded; undefined is absent. */
  getFolded(foldedName: string): V | undefined {
    return this.byFoldedName.get(foldedName);
  }

  /** The value under a name in any spelling; undefined is absent. */
  get(name: string): V | undefined {
    return this.byFoldedName.get(fold(name));
  }

  /** Folded names with their values. */
  entries(): IterableIterator<[string, V]> {
    return this.byFoldedName.entries();
  }
}

/** Indexes the attributes of a message (or a conversation's memory) for look-ups by folded name. */
export function indexAttributes(attributes: { readonly [name: string]: Value }): AttributeIndex {
  return new AttributeIndex<Value>(attributes);
}

/** Indexes the fields of one element of a multi-value. */
export function indexFields(element: FlatObject): AttributeIndex<Scalar> {
  return new AttributeIndex<Scalar>(element);
}
