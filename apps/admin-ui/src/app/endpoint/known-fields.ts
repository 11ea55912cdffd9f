import type { AttributeNameDto, DiscoveredAttributeDto } from '../api/models';

/** An attribute of an entity type, from all that is known of it. */
export interface KnownField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly choices: readonly string[];
  /** What it held lately; empty where no recent message had it. */
  readonly sample: string;
  readonly isInSchema: boolean;
  readonly isInMessages: boolean;
}

/** What the system says and what messages carried as one list by name; names compare in any case, as rules do. */
export function knownFields(discovered: readonly DiscoveredAttributeDto[], seen: readonly AttributeNameDto[]): readonly KnownField[] {
  const fields = new Map<string, KnownField>();
  for (const { name, label, type, choices } of discovered) {
    if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), { name, label: label ?? '', type: type ?? '', choices, sample: '', isInSchema: true, isInMessages: false });
  }
  for (const { name, sample } of seen) {
    const known = fields.get(name.toLowerCase());
    fields.set(name.toLowerCase(), known === undefined ? { name, label: '', type: '', choices: [], sample, isInSchema: false, isInMessages: true } : { ...known, sample, isInMessages: true });
  }
  return [...fields.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** Fields in which every word is found, in whichever column. */
export function matchingFields(fields: readonly KnownField[], search: string): readonly KnownField[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return fields.filter((field) => { const text = [field.name, field.label, field.type, field.sample, ...field.choices].join(' ').toLowerCase(); return words.every((word) => text.includes(word)); });
}
