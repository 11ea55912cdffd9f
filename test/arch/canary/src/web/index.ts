export const door = 'web';
