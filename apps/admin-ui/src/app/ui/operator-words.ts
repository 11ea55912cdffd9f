const OPERATORS: Readonly<Record<string, string>> = {
  EQUALS: 'is', NOT_EQUALS: 'is not', CONTAINS: 'contains', NOT_CONTAINS: 'does not contain', STARTS_WITH: 'starts with', ENDS_WITH: 'ends with',
  MATCHES: 'matches', NOT_MATCHES: 'does not match', EXISTS: 'is there', NOT_EXISTS: 'is not there', BLANK: 'is blank', NOT_BLANK: 'is not blank',
  LESS_THAN: 'is less than', LESS_THAN_OR_EQUALS: 'is at most', GREATER_THAN: 'is greater than', GREATER_THAN_OR_EQUALS: 'is at least',
  CHANGED: 'has changed', NOT_CHANGED: 'has not changed',
};

const OPERATOR = new RegExp(` (${Object.keys(OPERATORS).sort((one, other) => other.length - one.length).join('|')})(?= |$)`);

/** What a condition's operator says; one that is not known is shown as it is, in lower case. */
export function operatorWords(operator: string): string {
  return OPERATORS[operator] ?? operator.toLowerCase().replaceAll('_', ' ');
}

/** What a condition wanted, from its text and its values: `NOT_…` wants none of them. */
export function expectedInWords(condition: string, expected: string): string {
  return / NOT_(EQUALS|CONTAINS|MATCHES)(?= |$)/.test(condition) ? `none of ${expected}` : expected;
}

/** A condition as the server writes it (`state NOT_EQUALS Closed`) with its operator in words. Only the first: values stay as they are. */
export function conditionInWords(condition: string): string {
  return condition.replace(OPERATOR, (_, operator: string) => ` ${operatorWords(operator)}`);
}
