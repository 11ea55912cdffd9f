import { withoutTokens } from './token.js';

/** What mail programs put before a subject, in the languages that are met: re, forward, automatic. */
const PREFIX = /^(?:(?:re|fwd?|aw|wg|sv|vs|vl|vb|vast|ynt|ilt|tr|rv|rif|r|i|odp|pd|antw|doorst|res|enc|atb|hl|回复|转发|답장|転送|отв|ответ)(?:\[\d{1,3}\])?\s?[:：]\s*)+/i;

/** A subject as its writer meant it: without prefixes of replies and forwards, without marks of ours. */
export const bareSubject = (subject: string): string => withoutTokens(withoutTokens(subject).replace(PREFIX, '')).replace(PREFIX, '').trim();

export const isReplySubject = (subject: string): boolean => PREFIX.test(withoutTokens(subject));
