export const door = 'monitoring';
