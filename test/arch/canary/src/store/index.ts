export const door = 'store';
