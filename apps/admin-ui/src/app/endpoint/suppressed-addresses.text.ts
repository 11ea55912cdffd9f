export const SUPPRESSED = {
  heading: 'Addresses that are given up',
  about: 'What was sent there came back several times. Nothing is sent there any more, until you lift that or somebody writes from there.',
  columns: { address: 'Address', reason: 'Answer', bounces: 'Came back', since: 'Since', acts: 'Acts' },
  lift: 'Send again',
  lifted: 'Mails go there again. Retry what was refused meanwhile.',
  more: (count: number) => `The first ${String(count)} of them. The others follow as these are lifted.`,
} as const;
