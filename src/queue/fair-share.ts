/**
 * Takes `count` items so that every group gets its turn: one of each, then a second of each, until there are enough.
 * Within a group the order stays. What is left keeps its order too. A group that has little is taken whole, however much another has.
 */
export function fairShare<T>(items: readonly T[], count: number, groupOf: (item: T) => string): { readonly taken: readonly T[]; readonly left: T[] } {
  if (items.length <= count) return { taken: items, left: [] };
  const groups = Map.groupBy(items, groupOf);
  if (groups.size === 1) return { taken: items.slice(0, count), left: items.slice(count) };
  const shares = sharesOf([...groups].map(([group, { length }]) => ({ group, length })), count);
  const taken: T[] = [];
  const left: T[] = [];
  for (const item of items) {
    const group = groupOf(item);
    const share = shares.get(group) ?? 0;
    if (share > 0) taken.push(item);
    else left.push(item);
    shares.set(group, share - 1);
  }
  return { taken, left };
}

/** How many each group may give: the smallest are served first, what they do not use is divided among the others. */
function sharesOf(groups: readonly { readonly group: string; readonly length: number }[], count: number): Map<string, number> {
  const shares = new Map<string, number>();
  let rest = count;
  [...groups].sort((a, b) => a.length - b.length).forEach(({ group, length }, i) => {
    const share = Math.min(length, Math.ceil(rest / (groups.length - i)));
    shares.set(group, share);
    rest -= share;
  });
  return shares;
}
