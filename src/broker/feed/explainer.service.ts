import { Injectable } from '@nestjs/common';
import { explain } from '../../core/rule/explain.js';
import { RuleSets } from '../../rule/index.js';
import type { AttachmentRow, MessageDetailRow } from '../../store/feed/message-feed.js';
import type { OrganizationId } from '../../store/organization.js';
import type { Feeds } from './feeds.js';
import type { Explanation } from './message-detail.dto.js';
import { traceOf } from './message-view.js';
import { readPastMessage } from './past-message.js';

/** Computes the full trace of an old message: the same pure function, the rules and the memory as they were. */
@Injectable()
export class Explainer {
  constructor(private readonly ruleSets: RuleSets) {}

  async explain(organization: OrganizationId, feeds: Feeds, row: MessageDetailRow, attachments: readonly AttachmentRow[]): Promise<Explanation> {
    const trace = traceOf(row);
    const past = trace === null || row.conversationId === null ? null : await readPastMessage(feeds, row, attachments);
    if (trace === null || past === null) return { isFaithful: false, rules: [] };
    const then = await this.ruleSets.earlierSet(organization, trace.ruleSet);
    const { decision, rules } = explain(then ?? this.ruleSets.current(organization), past.message, past.conversation, past.now);
    const isSame = (['executed', 'delayed', 'failed', 'dropped'] as const).every((part) => namesOf(decision.trace[part]) === namesOf(trace[part]));
    return { isFaithful: then !== null && isSame, rules: rules.map((rule) => ({ ...rule, conditions: [...rule.conditions] })) };
  }
}

const namesOf = (rules: readonly { readonly ruleId: string; readonly ruleVersion: number }[]): string => JSON.stringify(rules.map((rule) => [rule.ruleId, rule.ruleVersion]));
