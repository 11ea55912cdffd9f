import { headline, particulars, type AlertTransport } from './transport.js';

/** One address, no names, no line breaks: nothing that could become another header. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
const MOST_ADDRESSES = 20;

/** E-mail through the installation's mail server. Whoever reads the mailbox confirms that it is theirs, by a code. */
export const mail: AlertTransport = {
  kind: 'mail',
  needsVerification: true,
  problems: ({ to = [] }) => {
    if (to.length === 0 || to.length > MOST_ADDRESSES) return [{ member: 'to', detail: `must be 1 to ${MOST_ADDRESSES} e-mail addresses` }];
    return to.filter((address) => address.length > 254 || !ADDRESS.test(address)).map((address) => ({ member: 'to' as const, detail: `"${address.slice(0, 80)}" is not an e-mail address` }));
  },
  shown: ({ to = [] }) => to.join(', '),
  compose: (news, { to = [] }) => ({ mail: { to, id: news.id, subject: `[Parley] ${headline(news)}`.replace(/[\r\n]+/g, ' ').slice(0, 200), text: [headline(news), '', ...particulars(news)].join('\n') } }),
};
