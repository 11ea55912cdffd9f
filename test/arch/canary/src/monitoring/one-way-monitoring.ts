export { door } from '../configuration/index.js';
