export { door } from '../broker/index.js';
