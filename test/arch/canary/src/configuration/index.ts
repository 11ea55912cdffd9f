export const door = 'configuration';
