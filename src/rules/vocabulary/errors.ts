// How runtimes word an error that nobody caught. The groups `kind` and `what` are its name and what it says.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

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
  row('Ada', 'raised (?<kind>[A-Z][A-Z0-9_.]{3,60}) : (?<what>[\\w.-]{1,80}\\.ad[bs]:\\d+ .{1,80})'),
  row(
    'Perl',
    '(?<what>(?:Can.t (?:call method|use an undefined value|locate object method)|Illegal division by zero|Undefined subroutine).{0,120}) at \\S{1,160} line \\d+',
  ),
]);

/** Any uncaught error: the class stands at the start or after the words that runtimes put before it. */
export const UNCAUGHT = signTable([
  row('Go', '(?<kind>panic): (?<what>.{1,300})'),
  row('Swift', '(?<kind>Fatal error): (?<what>.{1,300})'),
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
  row('R', '^(?<kind>Error) in (?<what>\\S.{0,300} : {0,3}.{0,200})$'),
  row('Spring Boot', '(?<kind>APPLICATION FAILED TO START)(?<what>)'),
]);
