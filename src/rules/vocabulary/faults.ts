// How native programs and runtimes word an end by a signal of their own making: aborts, invalid memory access,
// instructions that the processor lacks. The groups `kind` and `what` are the name of the error and what it says.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

/** A process that ended itself on purpose because something must not be: abort(), assertions, glibc's checks. */
export const ABORTS = signTable([
  row(
    'C++',
    "terminate called (?:after throwing an instance of '(?<kind>[^']{1,120})'|without an active exception|recursively)",
  ),
  row('C++, libc++', 'libc\\+\\+abi: (?<what>terminating.{0,200})'),
  row('C assert', '(?<what>Assertion [`\'"“]?.{1,160}?[`\'"”]? failed)'),
  row('C assert, musl', '(?<what>Assertion failed: .{1,160})'),
  row(
    'glibc',
    '(?<what>(?:free|malloc|realloc|munmap_chunk|corrupted size|double free|malloc_consolidate|tcache)\\(?\\)?:? ?.{0,20}(?:invalid|corrupt|double free|unaligned|mismatching|unsorted|prev|memory corruption).{0,60})',
  ),
  row('glibc', '(?<what>\\*\\*\\* (?:buffer overflow|stack smashing) detected.{0,80})'),
  row('glibc', '(?<what>Fatal glibc error: (?!CPU).{1,120})'),
  row(
    'MongoDB',
    '(?<what>Invariant failure|\\*\\*\\*aborting after (?:invariant|fassert)\\(\\) failure|Fatal assertion.{0,80})',
  ),
  row('Abseil, glog', '(?<what>Check failed: .{1,160})'),
  row(
    'Rust',
    '(?<what>thread .{1,60} panicked at .{0,120}; aborting|panic in a (?:function that cannot unwind|destructor during cleanup)|process abort signal)',
  ),
  row('Python', '(?<what>Fatal Python error: (?!Segmentation|init_fs_encoding|initfsencoding|Py_Initialize).{1,120})'),
  row('Swift, Objective-C', '(?<what>Fatal error: .{1,160}: file .{1,80}, line \\d+)'),
  row('Go runtime', '(?<what>SIGABRT: abort)'),
  row('frames of a native stack', '^\\s?\\d{1,2}# (?:__GI_)?(?<what>abort) in \\S*libc\\b'),
  row('shells', '(?<what>^(?:.{0,160} )?Aborted(?: \\(core dumped\\))?)(?: |$)'),
  row('JVM', '(?<what>SIGABRT \\(0x6\\) at pc=)'),
]);

/** A runtime that aborts after an error which its program did not catch: the signal is only how it ends. */
export const MANAGED = signTable([
  row('.NET', '(?<what>^\\s{0,8}(?:Unhandled [Ee]xception[.:]|Process terminated\\.).{0,200})'),
]);

/** An invalid memory access in native code. Go and the JVM turn some of them into errors of their own. */
export const SEGFAULTS = signTable([
  row('shells', '(?:^|\\s)(?<what>Segmentation fault(?: \\(core dumped\\))?)'),
  row('JVM', '(?<what>SIG(?:SEGV|BUS) \\(0x[0-9a-f]{1,2}\\) at pc=.{0,80})'),
  row('Python faulthandler', '(?<what>Fatal Python error: Segmentation fault)'),
  row('Ruby, PHP, Perl, Erlang', '(?<what>\\[BUG\\] Segmentation fault.{0,80})'),
  row(
    'nginx, Apache, PHP-FPM',
    '(?<what>(?:worker process|child(?: pid)?|process) \\d+.{0,40}?(?:exited on signal 11|exit signal Segmentation fault).{0,40})',
    { weak: true },
  ),
  row(
    'process managers',
    '(?<what>(?:terminated|killed|died|exited|crashed|was terminated).{0,40}?(?:SIGSEGV|signal 11\\b|signal: segmentation fault|code 139).{0,40})',
  ),
  row('gunicorn', '(?<what>Worker \\(pid:\\d+\\) was sent SIGSEGV.{0,20})'),
  row(
    'native handlers',
    '(?<what>(?:Caught|Received|caught|received|[Gg]ot|\\*\\*\\*|Signal:|signal) ?(?:fatal )?(?:signal )?(?:SIGSEGV|11 ?\\(SIGSEGV\\)|[Ss]egmentation [Ff]ault|11\\b.{0,20}SEGV).{0,60})',
  ),
  row(
    'AddressSanitizer',
    '(?<what>AddressSanitizer: (?:SEGV|heap-use-after-free|stack-overflow|heap-buffer-overflow).{0,100})',
  ),
  row(
    'Go, cgo',
    '(?<what>SIGSEGV: segmentation violation.{0,40}|signal arrived during cgo execution|unexpected signal during runtime execution)',
  ),
  row('kernel', '(?<what>segfault at [0-9a-f]{1,16} ip .{1,120})'),
]);

export const ILLEGAL = signTable([
  row('shells', '(?:^|\\s)(?<what>Illegal instruction(?: \\(core dumped\\))?)'),
  row('JVM', '(?<what>SIGILL \\(0x4\\) at pc=.{0,80})'),
  row('glibc', '(?<what>(?:Fatal glibc error: )?CPU (?:does not support|lacks|ISA level is lower) .{1,60})'),
  row('MongoDB', '(?<what>(?:MongoDB 5\\.0\\+ )?requires a CPU with AVX support.{0,80})'),
  row(
    'TensorFlow and others',
    '(?<what>(?:\\S{1,40} ){0,4}(?:compiled to use|requires?|built with|was compiled with) (?:the )?(?:AVX|AVX2|AVX512\\w{0,12}|SSE4[\\d.]{0,4}|FMA|BMI2?|x86-64-v[234]|NEON|LSE|[\\w ]{0,20}instructions?)(?:.{0,80}(?:not available|not support|aren.t available|lacks|missing|unavailable)))',
  ),
  row(
    'numpy, polars, others',
    '(?<what>(?:baseline optimizations|Missing required CPU features?|CPU (?:does not have|is missing|doesn.t support|must support)|Unsupported CPU|your (?:CPU|processor) (?:does not|lacks)).{0,120})',
  ),
  row('process managers', '(?<what>(?:SIGILL|signal 4\\b|signal: illegal instruction).{0,60})'),
  row('kernel', '(?<what>traps?: .{1,60}invalid opcode.{0,60})'),
]);
