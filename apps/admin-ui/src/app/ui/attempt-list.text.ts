export const ATTEMPTS = {
  request: 'Request, as it was sent',
  answer: 'Answer',
  copy: 'Copy the request',
  noAnswer: 'No answer was kept.',
  earlier: (count: number) => (count === 1 ? 'One request of this attempt went before it.' : `${String(count)} requests of this attempt went before it.`),
  cut: (shown: string, whole: string) => `The first ${shown} of ${whole}.`,
  noText: (size: string) => `A body of ${size} that is no text.`,
} as const;
