import type { PresetBlank } from './preset.js';

/** What stands where a person has to put a credential. */
export const SECRET = 'replace-me';

/** Whether a delivery carries a comment that everybody may read. Visibility that is not known is internal. */
export const IS_PUBLIC = "attributes.comment.text && attributes.comment.visibility == 'public'";
export const IS_INTERNAL = "attributes.comment.text && attributes.comment.visibility != 'public'";

/** The text of a comment under the integration's account: its author stands before it. */
export const COMMENT = { $if: 'attributes.comment.author', $then: '{{attributes.comment.author}}: {{attributes.comment.text}}', $else: '{{attributes.comment.text}}' };
/** The same for systems that take HTML. */
export const HTML_COMMENT = { $if: 'attributes.comment.author', $then: '{{attributes.comment.author | toHtml}}: {{attributes.comment.text | toHtml}}', $else: '{{attributes.comment.text | toHtml}}' };

export const blank = (pointer: string, label: string): PresetBlank => ({ pointer, label });
export const secretBlank = (pointer: string, label: string): PresetBlank => ({ pointer, label, isSecret: true });
export const BASE_URL = blank('/settings/baseUrl', 'Address of the system');

/** A place that is read by JMESPath. */
export const at = (jmespath: string): { readonly jmespath: string } => ({ jmespath });

/**
 * JMESPath: who changed a ticket whose history has its newest entry first. Nobody knows how much of it has happened since the ticket was read last,
 * so the newest entries have to be of one person: a change by somebody else must not be taken for ours.
 */
export function surelyBy(newestFirst: string, author: string, entries: number): string {
  const others = Array.from({ length: entries - 1 }, (_, at) => `(!(${newestFirst}[${at + 1}]) || ${newestFirst}[0].${author} == ${newestFirst}[${at + 1}].${author})`);
  return `(${[...others, `${newestFirst}[0].${author}`].join(' && ')} || null)`;
}
