export { door } from '../monitoring/index.js';
