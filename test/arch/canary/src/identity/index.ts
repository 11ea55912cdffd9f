export const door = 'identity';
