// A ConfigMap that the template names does not exist.

import { defineRule } from '../core/rule.ts';
import { missingObjectRule } from './reading/missing-object-rule.ts';

export default defineRule({
  id: 'configmap-missing',
  title: 'A referenced ConfigMap does not exist',
  ...missingObjectRule('ConfigMap', 'configMap'),
});
