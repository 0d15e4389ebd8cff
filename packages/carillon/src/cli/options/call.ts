import type { JsonObject, JsonValue } from '@carillon/core';
import type { Command } from 'commander';
import { jsonArray, jsonObject } from './values.js';

/** What a task is called with, as options. */
export interface CallOptions {
  readonly requireTask?: boolean;
  readonly args?: JsonValue[];
  readonly kwargs?: JsonObject;
}

export function withCall(command: Command): Command {
  return command
    .option('--args <json>', 'arguments of the task, a JSON array', jsonArray)
    .option('--kwargs <json>', "the task's last argument, a JSON object", jsonObject);
}
