/** What an instance has of an endpoint's slots: parallel calls that all instances share. A value. */
export interface SlotHolder {
  readonly instance: number;
  /** Calls that it may make at once. */
  readonly held: number;
  /** Calls that it could make now, those under way among them. */
  readonly wants: number;
}

/** What an instance asks for; `wants` 0: it gives back what it has. */
export interface SlotWish {
  readonly instance: number;
  /** Calls under way: so many slots cannot be given back yet. */
  readonly running: number;
  readonly wants: number;
}

/**
 * An instance's turn with the slots: it gets what the others neither hold nor are owed, and what they are owed it keeps no longer than its calls last.
 * Who is alone gets all. `total`: slots of the endpoint; `live`: instances that live, the others hold nothing any more.
 */
export function takeSlots(holders: readonly SlotHolder[], wish: SlotWish, total: number, live: readonly number[]): { readonly holders: readonly SlotHolder[]; readonly held: number } {
  const others = holders.filter(({ instance }) => instance !== wish.instance && live.includes(instance));
  const wanting = [...others, wish].filter(({ wants }) => wants > 0).sort((a, b) => a.instance - b.instance);
  const shares = evenShares(wanting.map(({ wants }) => wants), total);
  const owed = new Map(wanting.map(({ instance }, place) => [instance, shares[place]!]));
  const kept = others.reduce((sum, { instance, held }) => sum + Math.max(held, owed.get(instance) ?? 0), 0);
  const held = Math.max(wish.running, wish.wants === 0 ? 0 : total - kept, 0);
  const own = held === 0 && wish.wants === 0 ? [] : [{ instance: wish.instance, held, wants: wish.wants }];
  return { holders: [...others, ...own], held };
}

/** Gives each what it wants, or an even part of what is left where that is less; the first ones get what cannot be divided. */
function evenShares(wants: readonly number[], total: number): number[] {
  const shares = wants.map(() => 0);
  let left = total;
  for (let open = wants.map((_, place) => place); open.length > 0 && left > 0; open = open.filter((place) => shares[place]! < wants[place]!)) {
    const part = Math.max(1, Math.floor(left / open.length));
    for (const place of open) {
      const given = Math.min(part, wants[place]! - shares[place]!, left);
      shares[place]! += given;
      left -= given;
    }
  }
  return shares;
}

/** Reads what is stored; what is something else is taken for nobody. */
export const readHolders = (stored: unknown): readonly SlotHolder[] => (Array.isArray(stored) ? stored.filter(isHolder) : []);

function isHolder(value: unknown): value is SlotHolder {
  if (typeof value !== 'object' || value === null) return false;
  const { instance, held, wants } = value as Partial<SlotHolder>;
  return [instance, held, wants].every((number) => Number.isSafeInteger(number) && number! >= 0);
}
