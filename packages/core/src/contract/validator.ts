import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';
import type { ArgumentIssue } from '../errors.js';
import type { JsonValue } from '../json.js';
import { argumentPath } from './argument-path.js';
import type { ArgumentsContract } from './published.js';
import { widened } from './widened.js';

/** Says what is wrong with arguments; empty: nothing. */
export type Validate = (args: readonly JsonValue[]) => readonly ArgumentIssue[];

/** Keywords whose errors only say that there are others further inside. */
const OUTER = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'dependentSchemas',
  'prefixItems',
  'items',
  'additionalItems',
  'unevaluatedItems',
  'allOf',
  'if',
  '$ref',
  '$dynamicRef',
]);
/** Keywords whose error counts in place of those further inside: each alternative has its own. */
const WHOLE = new Set(['anyOf', 'oneOf', 'not', 'contains', 'propertyNames']);

const WRONG_TYPE = /^Instance type "(\w+)" is invalid\. Expected "(.+)"\.$/;
/** What errors are about: the path says it. */
const SUBJECT = /^(?:Instance|String|Array|Object) (?=is |has |does )/;
/** Keywords whose errors begin with the value. */
const OF_NUMBERS = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);

/**
 * A check by a JSON Schema, which generates no code. A schema that it cannot use, such as one with a reference to a schema that is not in
 * it, or a wrong pattern, refuses nothing: the worker checks by the schema of its own.
 */
export function validatorOf(contract: ArgumentsContract): Validate {
  try {
    const validator = new Validator(widened(contract) as Schema, draftOf(contract), false);
    return (args) => {
      try {
        return issuesOf(validator.validate(args).errors);
      } catch {
        return [];
      }
    };
  } catch {
    return () => [];
  }
}

function draftOf({ $schema }: ArgumentsContract): SchemaDraft {
  const text = String($schema);
  if (text.includes('draft-07')) return '7';
  if (text.includes('draft-04')) return '4';
  return text.includes('2019-09') ? '2019-09' : '2020-12';
}

function issuesOf(errors: readonly OutputUnit[]): ArgumentIssue[] {
  const whole = errors.filter(({ keyword }) => WHOLE.has(keyword));
  const isInside = ({ keywordLocation }: OutputUnit) =>
    whole.some((outer) => keywordLocation.startsWith(`${outer.keywordLocation}/`));
  const issues = errors.filter((error) => !OUTER.has(error.keyword) && !isInside(error)).map(issueOf);
  const seen = new Set<string>();
  return issues.filter(({ path, message }) => {
    const isNew = !seen.has(`${path} ${message}`);
    seen.add(`${path} ${message}`);
    return isNew;
  });
}

function issueOf({ keyword, instanceLocation, error }: OutputUnit): ArgumentIssue {
  const keys = keysOf(instanceLocation);
  if (keyword === 'false') return { path: argumentPath(keys), message: 'the task takes no such argument' };
  const [, missing] = (keyword === 'required' && /"(.*)"\.$/.exec(error)) || [];
  if (missing !== undefined) return { path: argumentPath([...keys, missing]), message: 'is missing' };
  const [, type, others] = WRONG_TYPE.exec(error) ?? [];
  if (others !== undefined) {
    return { path: argumentPath(keys), message: `has type ${type}, not ${others.replaceAll('", "', ' or ')}` };
  }
  // A value may be a secret.
  const said = error.replace(OF_NUMBERS.has(keyword) ? /^\S+ / : SUBJECT, '');
  return { path: argumentPath(keys), message: said.replace(/\.$/, '') };
}

/** Of `#/0/to`: 0 and `to`. */
function keysOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => decodeURI(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}
