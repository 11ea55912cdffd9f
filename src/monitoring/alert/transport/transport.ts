import type { AlertChange, AlertRow } from '../../../store/monitoring/alert.store.js';

/** Where a route leads, as given; which member is needed depends on the kind. */
export interface AlertTarget {
  /** E-mail addresses. */
  readonly to?: readonly string[];
  /** Address of a webhook. */
  readonly url?: string;
  /** Secret that a webhook is signed with; `whsec_` announces base64. */
  readonly secret?: string;
}

/** What a route is told. */
export interface AlertNews {
  /** Stays the same however often it is sent. */
  readonly id: string;
  readonly change: AlertChange | 'TEST';
  readonly alert: AlertRow;
  readonly title: string;
  readonly advice: string;
  /** Where it can be looked at; null where nobody said how this instance is reached. */
  readonly link: string | null;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Message-ID without its brackets' host part: the same news is recognisable. */
  readonly id: string;
}

/** One way to tell: how its target is checked, what of it may be shown, and what is sent. */
export interface AlertTransport {
  readonly kind: 'mail' | 'slack' | 'teams' | 'webhook';
  /** Whether the owner of the target must first say that it is theirs. */
  readonly needsVerification: boolean;
  /** Members that are missing or wrong. */
  problems(target: AlertTarget): readonly { readonly member: keyof AlertTarget; readonly detail: string }[];
  shown(target: AlertTarget): string;
  compose(news: AlertNews, target: AlertTarget, nowMs: number): { readonly mail: Mail } | { readonly post: Post };
}

const STATE = { RAISED: 'New', RESOLVED: 'Over', TEST: 'Test' } as const;

/** One line that says what has changed. */
export function headline({ change, title, alert }: AlertNews): string {
  return `${STATE[change]}: ${title}${alert.subject === '' ? '' : ` (${alert.subject})`}`;
}

/** The lines below it: what is the case, since when, what to do. */
export function particulars({ change, alert, advice, link }: AlertNews): readonly string[] {
  const isOver = change === 'RESOLVED';
  return [
    ...(alert.detail === '' ? [] : [alert.count > 1 ? `${alert.detail} (${alert.count})` : alert.detail]),
    isOver ? `From ${alert.since.toISOString()} to ${(alert.resolvedAt ?? alert.since).toISOString()}.` : `Since ${alert.since.toISOString()}.`,
    ...(isOver ? [] : [advice]),
    ...(link === null ? [] : [link]),
  ];
}

/** What of a hook's address may be shown: its host. The rest is often the credential. */
export const hostOf = (url: string | undefined): string => (url !== undefined && URL.canParse(url) ? new URL(url).host : '');

export const urlProblems = ({ url }: AlertTarget): { readonly member: 'url'; readonly detail: string }[] =>
  url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? [] : [{ member: 'url', detail: 'must be an http or https address' }];
