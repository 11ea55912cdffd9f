import type { MemoryDraft } from '../conversation/memory-draft.js';
import type { Value } from '../message/value.js';
import type { Sink, Target } from './mapping/mapping.js';

/** Collects the attributes of one outbound message, in the order in which they are first written. */
export class OutboundSink implements Sink {
  readonly memory = null;
  readonly attributes: { [name: string]: Value } = {};

  read(target: Target): Value | undefined {
    return Object.hasOwn(this.attributes, target.name) ? this.attributes[target.name] : undefined;
  }

  write(target: Target, value: Value): void {
    this.attributes[target.name] = value;
  }
}

/** Collects the virtual attributes of one execution. */
export class VirtualSink implements Sink {
  readonly memory = null;
  readonly values = new Map<string, Value>();

  read(target: Target): Value | undefined {
    return this.values.get(target.folded);
  }

  write(target: Target, value: Value): void {
    this.values.set(target.folded, value);
  }
}

/** Writes conversation attributes to the draft of one execution. */
export class MemorySink implements Sink {
  constructor(readonly memory: MemoryDraft) {}

  read(target: Target): Value | undefined {
    return this.memory.attribute(target.folded);
  }

  write(target: Target, value: Value): void {
    this.memory.setAttribute(target.name, target.folded, value);
  }
}
