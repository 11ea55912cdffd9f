export { door } from './door.spec.js';
