export const door = 'queue';
