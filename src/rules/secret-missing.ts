// A Secret that the template names does not exist.

import { defineRule } from '../core/rule.ts';
import { missingObjectRule } from './reading/missing-object-rule.ts';

export default defineRule({
  id: 'secret-missing',
  title: 'A referenced Secret does not exist',
  ...missingObjectRule('Secret', 'secret'),
});
