export const door = 'rule';
