import type { Conversation } from '../conversation/conversation.js';
import { printInstant, readInstant } from '../message/instant.js';
import type { Message } from '../message/message.js';
import { err, ok, type Result } from '../message/result.js';
import { describeFound, Place, type Problem } from '../shape/place.js';
import { filledText, isObject, listOf, objectOf, optional, text } from '../shape/shape.js';
import { readCaseConversation } from './case-conversation.js';
import { readCaseMessage } from './case-message.js';
import { type RuleDocument, readRuleAt } from './document.js';
import { type Known, translationKey } from './scope.js';

/** A case file that was read: everything `evaluate` takes, and what is expected of it. */
export interface RoutingCase {
  readonly name: string;
  /** Null where the case names none: then the current rules are meant. */
  readonly rules: readonly RuleDocument[] | null;
  readonly message: Message;
  readonly conversation: Conversation;
  readonly now: string;
  readonly known: Known;
  /** Compared only in the keys it has; null for a case that only asks. */
  readonly expect: Readonly<Record<string, unknown>> | null;
  /** Keys that mean nothing here. */
  readonly warnings: readonly string[];
}

const translations = objectOf({
  source: optional(text('Language code'), ''),
  target: filledText('Language code'),
  text: text('What is translated'),
  translation: text('What it becomes'),
});

/** Reads a case file; refuses with every problem and its place. Keys may be left out, unknown ones are warned of. */
export function readCase(raw: unknown): Result<RoutingCase, readonly Problem[]> {
  const place = Place.root();
  if (!isObject(raw)) {
    place.refuse('a case: an object with rules, message and conversation', describeFound(raw));
    return err(place.problems);
  }
  const warnings: string[] = [];
  const now = readNow(raw['now'], place.at('now'));
  const rules = readRules(raw['rules'], place.at('rules'));
  const message = readCaseMessage(raw['message'], now, place.at('message'), warnings);
  const conversation = readCaseConversation(raw['conversation'], { message, rules: rules ?? [] }, place.at('conversation'), warnings);
  const known = optional(listOf(translations, 'Translations'), []).read(raw['known'], place.at('known'));
  const { expect = null } = raw;
  if (expect !== null && !isObject(expect)) place.at('expect').refuse('an object', describeFound(expect));
  if (place.problems.length > 0) return err(place.problems);
  return ok({
    name: typeof raw['name'] === 'string' ? raw['name'] : 'unnamed case',
    rules,
    message,
    conversation,
    now,
    known: Object.fromEntries(known.map((entry) => [translationKey(entry), entry.translation])),
    expect: isObject(expect) ? expect : null,
    warnings,
  });
}

function readRules(raw: unknown, place: Place): readonly RuleDocument[] | null {
  if (raw === undefined || raw === null) return null;
  if (!Array.isArray(raw)) {
    place.refuse('a list of rules', describeFound(raw));
    return null;
  }
  return raw.map((rule: unknown, at) => readRuleAt(rule, place.at(at))).filter((rule) => rule !== null);
}

/** A case without `now` stands at the beginning of 1970, so that it comes out the same on every day. */
function readNow(raw: unknown, place: Place): string {
  if (raw === undefined || raw === null) return printInstant(0);
  const epochMs = typeof raw === 'number' ? raw : typeof raw === 'string' ? readInstant(raw) : null;
  if (epochMs === null) place.refuse('an ISO 8601 instant', describeFound(raw));
  return printInstant(epochMs ?? 0);
}
