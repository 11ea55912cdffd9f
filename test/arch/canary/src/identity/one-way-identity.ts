export { door } from '../rule/index.js';
