// How runtimes and native programs word their own end: exceptions, panics, aborts, faults. The groups `kind` and
// `what` are the name of the error and what it says.

import { type LogSign, signTable } from '../../core/log-signs.ts';

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source),
  ...more,
});

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

/** Errors that a program's own code or data makes, whatever surrounds it. */
export const OWN_ERRORS = signTable([
  row('Go', 'panic: (?<kind>runtime error): (?<what>.{1,200})'),
  row(
    'Go',
    '(?<kind>fatal error): (?<what>(?:all goroutines are asleep|concurrent map|stack overflow|sync: ).{0,120})',
  ),
  row(
    'Go',
    'http: panic serving|panic: (?<what>(?:assignment to entry in nil map|interface conversion|close of (?:closed|nil) channel|send on closed channel|sync: negative|reflect: ).{0,160})',
  ),
  row(
    'Python',
    '^(?<kind>(?:[\\w.]{0,60}\\.)?(?:TypeError|AttributeError|NameError|UnboundLocalError|IndexError|ZeroDivisionError|RecursionError|NotImplementedError|AssertionError|SyntaxError|IndentationError|TabError|UnicodeDecodeError|UnicodeEncodeError|StopIteration|OverflowError|FloatingPointError|InvalidOperation|ConversionSyntax)): ?(?<what>.{0,200})',
  ),
  row('Python', '^(?<kind>KeyError|ValueError|LookupError): ?(?<what>.{0,200})'),
  row(
    'Node.js',
    '(?:Uncaught )?(?<kind>TypeError|ReferenceError|RangeError|SyntaxError|AssertionError(?: \\[ERR_ASSERTION\\])?): (?<what>.{1,200})',
  ),
  row(
    'Java',
    '(?<kind>(?:java\\.\\w+\\.)?(?:NullPointerException|ClassCastException|ArrayIndexOutOfBoundsException|StringIndexOutOfBoundsException|IndexOutOfBoundsException|ArithmeticException|ConcurrentModificationException|UnsupportedOperationException|NegativeArraySizeException|StackOverflowError|AssertionError|DateTimeParseException|NoSuchElementException|InputMismatchException))(?::\\s?(?<what>.{0,200}))?',
  ),
  row(
    '.NET',
    '(?<kind>System\\.(?:NullReference|InvalidCast|IndexOutOfRange|DivideByZero|NotImplemented|StackOverflow|Arithmetic|KeyNotFound|Collections\\.Generic\\.KeyNotFound)Exception): ?(?<what>.{0,200})',
  ),
  row(
    'Ruby',
    '(?<what>undefined (?:method|local variable or method) .{1,160}|wrong number of arguments .{1,60}|divided by 0|.{1,80}can.t be coerced into .{1,20}) ?\\((?<kind>NoMethodError|NameError|ArgumentError|ZeroDivisionError|TypeError)\\)',
  ),
  row(
    'PHP',
    '(?:PHP )?Fatal error: {1,2}Uncaught (?<kind>TypeError|ArgumentCountError|Error|DivisionByZeroError|ValueError|AssertionError|UnhandledMatchError): (?<what>.{1,200})',
  ),
  row(
    'Rust',
    '(?<what>index out of bounds: .{1,80}|attempt to (?:divide by zero|add with overflow|subtract with overflow|multiply with overflow).{0,40}|called `Option::unwrap\\(\\)` on a `None` value|already (?:mutably )?borrowed.{0,40}|not (?:yet )?implemented.{0,60}|internal error: entered unreachable code.{0,60}|byte index \\d+ is not a char boundary.{0,40})',
  ),
  row(
    'Elixir, Erlang',
    '\\*\\* \\((?<kind>ArgumentError|ArithmeticError|FunctionClauseError|MatchError|KeyError|CaseClauseError|BadMapError|Protocol\\.UndefinedError|CompileError|SyntaxError)\\) ?(?<what>.{0,160})',
  ),
  row(
    'Perl',
    '(?<what>(?:Can.t (?:call method|use an undefined value|locate object method)|Illegal division by zero|Undefined subroutine).{0,120}) at \\S{1,160} line \\d+',
  ),
]);

/** Any uncaught error: the class stands at the start or after the words that runtimes put before it. */
export const UNCAUGHT = signTable([
  row('Go', '(?<kind>panic): (?<what>.{1,300})'),
  row('Rust', '(?<kind>panicked) at (?<what>.{1,200})'),
  row('Java, Kotlin, Scala', 'Exception in thread "[^"]{1,80}" (?<kind>[\\w.$]{1,160})(?::\\s?(?<what>.{0,300}))?'),
  row('Java', 'Caused by: (?<kind>[\\w.$]{1,160})(?::\\s?(?<what>.{0,300}))?'),
  row('.NET', 'Unhandled [Ee]xception[.:] ?(?<kind>[\\w.]{1,160}): ?(?<what>.{0,300})'),
  row('PHP', '(?:PHP )?Fatal error: {1,2}(?:Uncaught )?(?<kind>[\\w\\\\]{0,120}?)(?::)? ?(?<what>.{1,300})'),
  row('Ruby', "(?:\\.rb|bin/\\w{1,40}):\\d+:in [`'].{1,80}'(?:: )(?<what>.{1,300}) \\((?<kind>[A-Z][\\w:]{1,100})\\)"),
  row('Erlang', 'Kernel pid terminated.{0,60}application_start_failure,(?<kind>\\w{1,60})(?<what>.{0,200})'),
  row('Elixir, Erlang', '\\*\\* \\((?<kind>[A-Z][\\w.]{1,80}|EXIT.{0,40}|stop)\\) ?(?<what>.{0,300})'),
  row(
    'Python',
    '^(?<kind>(?:[A-Za-z_]\\w{0,60}\\.){0,6}[A-Z]\\w{0,60}(?:Error|Exception|Exit|Interrupt|Timeout|Failure|Fault|Invalid\\w{0,30}|Unavailable|NotFound|Refused|Denied)): ?(?<what>.{0,300})',
  ),
  row(
    'Node.js',
    '^(?:Uncaught |Unhandled ?[Rr]ejection:? |\\[?UnhandledPromiseRejection[^\\]]{0,20}\\]?:? )?(?<kind>\\w{0,60}Error(?: \\[\\w{1,60}\\])?): (?<what>.{1,300})',
  ),
  row('Spring Boot', '(?<kind>APPLICATION FAILED TO START)(?<what>)'),
]);
