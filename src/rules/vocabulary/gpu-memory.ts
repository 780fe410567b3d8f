// How frameworks say that the memory of an accelerator is used up. The group `what` holds the words.

import { signTable } from '../../core/log-signs.ts';
import { rowInAnyCase as row, together } from './row.ts';

export const GPU_MEMORY = signTable([
  row(
    'PyTorch',
    '(?<what>CUDA out of memory.{0,120}|HIP out of memory.{0,120}|torch\\.(?:cuda\\.)?OutOfMemoryError.{0,120}|MPS backend out of memory.{0,60})',
  ),
  row(
    'CUDA',
    '(?<what>CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|cudaMalloc.{0,40}out of memory|CUDA error(?: \\d+)?:? out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED)',
  ),
  row(
    'TensorFlow, JAX',
    '(?<what>OOM when allocating tensor.{0,120}|RESOURCE_EXHAUSTED: (?:Out of memory|Failed to allocate).{0,120})',
  ),
  row(
    'vLLM, TGI, llama.cpp',
    '(?<what>No available memory for the cache blocks.{0,80}|larger than the maximum number of tokens that can be stored in KV cache.{0,20}|Free memory on device.{0,80}less than desired.{0,80}|ggml_(?:cuda|backend_cuda)\\w{0,40}.{0,20}(?:out of memory|failed to allocate|alloc).{0,60}|Not enough (?:GPU )?memory to (?:handle|load).{0,80}|KV cache.{0,80}(?:larger than|not enough|exceeds).{0,60})',
  ),
  together(
    '\\b(?:GPU|CUDA|VRAM|HBM|accelerator|device \\d)\\b',
    '\\bout of (?:device )?memory\\b|\\b(?:not enough|insufficient) (?:device |gpu |video )?memory\\b',
  ),
]);
