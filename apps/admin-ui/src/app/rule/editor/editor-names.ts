import type { AttributeNamesDto, DiscoveredAttributeDto, ReadableNameDto } from '../../api/models';
import { attributeRows } from '../../ui/attribute-rows';
import type { Suggestion } from '../../ui/suggestions';
import { type Draft, isDraft, listAt, textAt } from './document-edit';

export interface NamedParts {
  readonly draft: Draft;
  /** Attributes of the message beside the draft. */
  readonly attributes: Draft;
  readonly names: AttributeNamesDto | undefined;
  readonly readable: readonly ReadableNameDto[];
  /** What the target says that it has. */
  readonly described?: readonly DiscoveredAttributeDto[];
}

/** Every name that may be read, nearest first: the message in hand, other messages of the source, what the rule itself makes, the conversation, the fixed ones. `inMappings`: virtual attributes too. */
export function readableNames({ draft, attributes, names, readable }: NamedParts, inMappings: boolean): readonly Suggestion[] {
  const isAnswer = textAt(draft, '/targetCondition').startsWith('RESPONSE');
  const isIterating = textAt(draft, '/iterate') === 'BY_VALUE';
  const fixed = readable.filter(({ where }) => where === 'message' || (where === 'answer' && isAnswer) || (where === 'item' && isIterating && inMappings) || (where === 'mapping' && inMappings));
  return once([
    ...attributeRows(attributes).map((row) => ({ name: row.name, about: row.text })),
    ...(names?.source ?? []).map(({ name, sample }) => ({ name, about: sample })),
    ...(inMappings ? virtualNames(draft).map((name) => ({ name: `sf:virtual:${name}`, about: 'virtual attribute of this rule' })) : []),
    ...conversationNames(draft, names).map((name) => ({ name: `sf:conversation:${name}`, about: 'remembered' })),
    ...(names?.counters ?? []).map((name) => ({ name: `sf:conversation:counter:${name}`, about: 'counter' })),
    ...fixed.map(({ name, meaning, isPrefix }) => ({ name, about: meaning, isPrefix })),
  ]);
}

/** Names that a list of mappings may write. */
export function writableNames({ draft, names, described = [] }: Pick<NamedParts, 'described' | 'draft' | 'names'>, list: string): readonly Suggestion[] {
  if (list === 'mappings') return once([...described.map((field) => ({ name: field.name, about: aboutField(field) })), ...(names?.target ?? []).map(({ name, sample }) => ({ name, about: sample }))]);
  if (list === 'virtualAttributeMappings') return virtualNames(draft).map((name) => ({ name }));
  return once(conversationNames(draft, names).map((name) => ({ name })));
}

const aboutField = ({ label, type, choices }: DiscoveredAttributeDto): string => [label ?? '', choices.length > 0 ? choices.slice(0, 5).join(', ') : (type ?? '')].filter((part) => part !== '').join(' · ');

const virtualNames = (draft: Draft): readonly string[] => targetsOf(draft, 'virtualAttributeMappings').map((name) => name.replace(/^sf:virtual:/i, ''));
const conversationNames = (draft: Draft, names: AttributeNamesDto | undefined): readonly string[] => [...targetsOf(draft, 'conversationAttributeMappings').map((name) => name.replace(/^sf:conversation:/i, '')), ...(names?.conversation ?? [])];

function targetsOf(draft: Draft, list: string): readonly string[] {
  return listAt(draft, `/${list}`).filter(isDraft).flatMap((mapping) => [mapping['targetAttribute'], ...(Array.isArray(mapping['targets']) ? mapping['targets'] as readonly unknown[] : [])]).filter((name): name is string => typeof name === 'string' && name !== '');
}

function once(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const seen = new Set<string>();
  return suggestions.filter(({ name }) => { const key = name.toLowerCase(); const isNew = !seen.has(key); seen.add(key); return isNew; });
}
