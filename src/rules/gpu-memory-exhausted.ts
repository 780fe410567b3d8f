// The accelerator has too little memory left for what the program asks.

import { defineRule } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { fromLog } from './reading/said.ts';
import { GPU_MEMORY } from './vocabulary/gpu-memory.ts';

export default defineRule({
  id: 'gpu-memory-exhausted',
  title: 'Out of accelerator memory',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'aborted',
    'heap-exhausted',
    'entrypoint-completes',
    'segmentation-fault',
  ],
  byHand:
    'Make the model, batch or cache of {container} smaller, or give it an accelerator of its own with more memory.',
  judge: (evidence) =>
    fromLog(evidence, GPU_MEMORY, (hit, k) => ({
      summary: `${k.container.name} ran out of accelerator memory: ${inBrief(hit.groups.what ?? hit.line.text)}`,
    })),
  doc: {
    looksAt: 'the words of CUDA, ROCm and the libraries above them',
    means:
      'The memory of the accelerator is full: by this program, or by another that shares it. The memory limit of the container has no part in it.',
    fix: 'Load less (smaller model, batch, context or cache share), or use an accelerator with more memory.',
    prevention: 'Measure the peak of accelerator memory of {container} and choose the node by it.',
    notThis: 'Memory of the container (oom-killed) or of a runtime (heap-exhausted).',
  },
});
