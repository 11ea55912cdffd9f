import type { EndpointDto, MessageSummary, RuleSummaryDto } from '../api/models';

export type StepName = 'first' | 'second' | 'template' | 'ticket' | 'watch';

export interface Step {
  readonly name: StepName;
  readonly state: 'done' | 'now' | 'later';
}

export interface Progress {
  readonly endpoints: readonly Pick<EndpointDto, 'id'>[];
  readonly rules: readonly Pick<RuleSummaryDto, 'sourceSystemId' | 'targetSystemId' | 'enabled'>[];
  readonly messages: readonly Pick<MessageSummary, 'kind' | 'deliveries'>[];
}

const ORDER: readonly StepName[] = ['first', 'second', 'template', 'ticket', 'watch'];

/** How far somebody is on the way to the first ticket, from what there is: leaving and coming back loses nothing. */
export function stepsOf({ endpoints, rules, messages }: Progress): readonly Step[] {
  const done: Readonly<Record<StepName, boolean>> = {
    first: endpoints.length > 0,
    second: endpoints.length > 1,
    template: rules.some((rule) => rule.enabled && rule.targetSystemId !== '' && rule.sourceSystemId !== rule.targetSystemId),
    ticket: messages.some((message) => message.kind !== 'response'),
    watch: messages.some((message) => message.deliveries.some((delivery) => delivery.state === 'SENT')),
  };
  const now = ORDER.find((name) => !done[name]);
  return ORDER.map((name) => ({ name, state: done[name] ? 'done' : name === now ? 'now' : 'later' }));
}
