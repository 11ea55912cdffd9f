import { type Draft, isDraft } from './document-edit';

/** A message that somebody pasted, as a case: a case file, a canonical message, or nothing but attributes. A text says why it is none. */
export function readPasted(text: string, { endpoint, entityType }: { readonly endpoint: string; readonly entityType: string }): Draft | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : ''}`;
  }
  if (!isDraft(value)) return 'This is no message: it must be a JSON object.';
  if (isDraft(value['message'])) return value;
  const isMessage = isDraft(value['attributes']) || typeof value['ticketId'] === 'string';
  const message = isMessage ? { endpoint, entityType, ...value } : { endpoint, entityType, ticketId: 'PASTED-1', attributes: value };
  return { message, now: new Date().toISOString() };
}
