/** What is known about a message's ticket when it is correlated. */
export interface CorrelationFacts {
  /** The conversation that has the message's own (endpoint, entity type, ticket id). */
  readonly ownConversation: string | null;
  /** The conversations that its references name, in the order of the references; null where nobody knows the ticket. */
  readonly referencedConversations: readonly (string | null)[];
  /** Creates to its endpoint and entity type that had been sent and not answered when it was received. */
  readonly unansweredCreates: readonly string[];
}

/** Where a message belongs, and why. */
export type Correlation =
  /** `adds`: its ticket id is new there. `conflicts`: other conversations that it names, to be shown and alerted. */
  | {
      readonly kind: 'join';
      readonly conversation: string;
      readonly by: 'own ticket id' | 'reference';
      readonly adds: boolean;
      readonly conflicts: readonly string[];
    }
  | { readonly kind: 'begin' }
  /** It may be the answer's own ticket, faster than the answer: wait for exactly these attempts. */
  | { readonly kind: 'provisional'; readonly awaits: readonly string[] };

/**
 * Decides which conversation a normal message joins: its own ticket id counts before its references, the first
 * reference before later ones; a message whose ticket nobody knows begins one, provisionally while a create may be it.
 */
export function correlate(facts: CorrelationFacts): Correlation {
  const referenced = [...new Set(facts.referencedConversations.filter((conversation) => conversation !== null))];
  const own = facts.ownConversation;
  const conversation = own ?? referenced[0];
  if (conversation !== undefined) {
    const conflicts = referenced.filter((other) => other !== conversation);
    return { kind: 'join', conversation, by: own === null ? 'reference' : 'own ticket id', adds: own === null, conflicts };
  }
  if (facts.unansweredCreates.length === 0) return { kind: 'begin' };
  return { kind: 'provisional', awaits: facts.unansweredCreates };
}
