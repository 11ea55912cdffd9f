export const door = 'config';
