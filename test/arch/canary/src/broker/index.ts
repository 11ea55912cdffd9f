export const door = 'broker';
