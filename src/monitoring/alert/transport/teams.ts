import { headline, hostOf, particulars, urlProblems, type AlertNews, type AlertTransport } from './transport.js';

/** A line as it is: the card's text would read Markdown in it. */
const plain = (text: string): object => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] });

const card = (news: AlertNews): object => ({
  type: 'AdaptiveCard', version: '1.4', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: headline(news), weight: 'Bolder', size: 'Medium' }] }, ...particulars(news).filter((line) => line !== news.link).map(plain)],
  ...(news.link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: news.link }] }),
});

/** A Teams channel by the workflow "when a webhook request is received", which takes a message with an adaptive card. */
export const teams: AlertTransport = {
  kind: 'teams',
  needsVerification: false,
  problems: urlProblems,
  shown: ({ url }) => hostOf(url),
  compose: (news, { url = '' }) => ({
    post: {
      url, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card(news) }] }),
    },
  }),
};
