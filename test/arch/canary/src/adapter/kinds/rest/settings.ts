export const kind = 'rest';
