// Keeps the kubelet from injecting NAME_PORT and its kin for every Service of the namespace.

import { defineAction } from '../core/action.ts';
import { known } from '../core/fact.ts';
import { changeByEdits } from './edit.ts';
import { ownSpec } from './own-template.ts';
import { changeable } from './target.ts';
import { TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

export default defineAction({
  id: 'disable-service-links',
  title: 'Disable service links',
  risk: 'low',
  permissions: TEMPLATE_PERMISSIONS,
  plan: (input) => {
    const found = changeable(input, 'Disabling service links');
    if ('refusal' in found) return found;
    const is = known(input.evidence.pod.enableServiceLinks);
    if (is === false) return { refusal: 'Service links are disabled already. Look for who else sets that variable.' };
    const { variable } = input.cause.detail;
    const own = ownSpec(input.evidence)?.enableServiceLinks;
    return templatePlan(input, found, {
      action: 'disable-service-links',
      title: 'Disable service links',
      risk: 'low',
      container: '',
      // The API server writes this default into pods, not into templates.
      edits: [{ at: ['enableServiceLinks'], ...(own === true ? { from: true } : {}), to: false }],
      diff: own === true ? '~ enableServiceLinks true → false' : '+ enableServiceLinks: false',
      effect: `No variable is injected for Services any more${variable ? `, ${variable} among them` : ''}; names of Services still resolve.`,
      undo: own === true ? 'Set enableServiceLinks to true again.' : 'Leave enableServiceLinks out again.',
      warnings: [
        'A program that reads another NAME_SERVICE_HOST variable loses it: search its code for _SERVICE_HOST.',
      ],
    });
  },
  change: changeByEdits,
  undo: undoByEdits,
});
