export const door = 'console';
