import { headline, hostOf, particulars, urlProblems, type AlertTransport } from './transport.js';

/** Slack reads these three as markup. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** An incoming webhook as Slack has it; Mattermost, Rocket.Chat and Zulip take the same. */
export const slack: AlertTransport = {
  kind: 'slack',
  needsVerification: false,
  problems: urlProblems,
  shown: ({ url }) => hostOf(url),
  compose: (news, { url = '' }) => ({
    post: { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: [`*${escaped(headline(news))}*`, ...particulars(news).map(escaped)].join('\n') }) },
  }),
};
