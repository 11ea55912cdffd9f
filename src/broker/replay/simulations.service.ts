import { Injectable } from '@nestjs/common';
import type { Result } from '../../core/message/result.js';
import type { Decision } from '../../core/rule/decision.js';
import { compileSent, withDraft } from '../../core/rule/draft.js';
import { evaluate } from '../../core/rule/evaluate.js';
import { printDecision, type PrintedDecision } from '../../core/rule/printed-decision.js';
import type { RuleSet } from '../../core/rule/rule-set.js';
import type { Known } from '../../core/rule/scope.js';
import { simulate } from '../../core/rule/simulate.js';
import type { Problem as PlaceProblem } from '../../core/shape/place.js';
import { errorOf, RuleSets, Translations } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { ConversationFeed } from '../../store/feed/conversation-feed.js';
import { DeliveryFeed } from '../../store/feed/delivery-feed.js';
import { MessageFeed, type MessageDetailRow } from '../../store/feed/message-feed.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { readPastMessage, type PastMessage } from '../feed/past-message.js';
import { caseOf } from './past-case.js';

/** What rules are asked: those that are sent, or the current ones, with a draft in its rule's place where there is one. */
export interface AskedRules {
  readonly rules?: unknown;
  readonly ruleDraft?: unknown;
}

export interface SimulatedCase {
  readonly decision: PrintedDecision;
  readonly warnings: readonly string[];
}

/** A decision about a past message, beside what happened then. */
export interface SimulatedPast extends SimulatedCase {
  readonly past: { readonly messageId: string; readonly state: string; readonly reason: string | null; readonly at: string };
  /** The same as a case file. */
  readonly case: Readonly<Record<string, unknown>>;
}

/** Rounds in which one translation may ask for the next. */
const MOST_ROUNDS = 3;

/** Asks rules without anything happening: by the very function that routes messages. */
@Injectable()
export class Simulations {
  constructor(private readonly database: Database, private readonly ruleSets: RuleSets, private readonly translations: Translations) {}

  /** Decides a case. */
  ofCase(organization: OrganizationId, given: AskedRules & Readonly<Record<string, unknown>>): SimulatedCase {
    const { ruleDraft, ...routingCase } = given;
    const current = ruleDraft === undefined ? this.ruleSets.current(organization) : this.asked(organization, given);
    return unwrap(simulate(routingCase, current), 'The case cannot be read.');
  }

  /** Decides about a past message again, with the conversation as it was before it. */
  async ofMessage(organization: OrganizationId, messageId: string, asked: AskedRules): Promise<SimulatedPast> {
    const ruleSet = this.asked(organization, asked);
    const { row, past } = await this.read(organization, messageId);
    const decision = this.decide(organization, (known) => evaluate(ruleSet, past.message, past.conversation, past.now, known));
    return {
      decision: printDecision(decision), warnings: [], past: { messageId, state: row.state, reason: row.reason, at: past.now },
      case: caseOf(`message ${messageId}`, past),
    };
  }

  private asked(organization: OrganizationId, { rules, ruleDraft }: AskedRules): RuleSet {
    if (rules !== undefined && ruleDraft !== undefined) throw Problem.invalid([{ pointer: '/ruleDraft', detail: 'stands beside `rules`: say one of them' }]);
    if (ruleDraft !== undefined) return unwrap(withDraft(this.ruleSets.current(organization), ruleDraft, 'ruleDraft'), 'The draft cannot be used as it is.');
    if (rules === undefined) return this.ruleSets.current(organization);
    if (!Array.isArray(rules)) throw Problem.invalid([{ pointer: '/rules', detail: 'must be a list of rules' }]);
    return unwrap(compileSent(rules, 'rules'), 'The rules cannot be used as they are.');
  }

  private async read(organization: OrganizationId, messageId: string): Promise<{ row: MessageDetailRow; past: PastMessage }> {
    return this.database.inOrganization(organization, async (manager) => {
      const feeds = { messages: new MessageFeed(organization, manager), deliveries: new DeliveryFeed(organization, manager), conversations: new ConversationFeed(organization, manager) };
      const row = await feeds.messages.find(messageId);
      if (row === null) throw Problem.missing(`message ${messageId}`);
      const past = await readPastMessage(feeds, row, await feeds.messages.attachments([messageId]));
      if (past === null) throw Problem.conflict('message-unreadable', 'What was received cannot be read as a message (any more).');
      return { row, past };
    });
  }

  /** With the translations that are known already; what is lacking stands in the decision's `needs`. */
  private decide(organization: OrganizationId, decide: (known: Known) => Decision): Decision {
    let known: Known = {};
    let decision = decide(known);
    for (let round = 1; decision.needs.length > 0 && round < MOST_ROUNDS; round++) {
      known = { ...known, ...this.translations.known(organization, decision.needs) };
      decision = decide(known);
    }
    return decision;
  }
}

function unwrap<T>(result: Result<T, readonly PlaceProblem[]>, detail: string): T {
  if (result.ok) return result.value;
  throw Problem.invalid(result.error.map(errorOf), detail);
}
