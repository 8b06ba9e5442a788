/**
 * Makes the plugin object of a module and invokes its methods, in this process or in a runner.
 *
 * @module
 */

import {
  type Delivery,
  METHOD_OF_ROLE,
  type Plugin,
  type PluginContext,
  type PluginFactory,
  type Role,
} from "../core/contract/contract.ts";
import { pluginWrongRole } from "../core/contract/errors.ts";
import type { AnyCall, PluginCall } from "../core/ports/plugin_host.ts";
import { createResponseWriter } from "../core/contract/serialize.ts";

/** Returns the plugin that a module makes. @throws {TypeError} for a module that makes none, and anything that its code throws */
export async function makePlugin(
  module: { readonly default?: unknown },
  roles: readonly Role[],
  options: Readonly<Record<string, unknown>>,
  context: PluginContext,
): Promise<Plugin> {
  const factory = module.default;
  if (typeof factory !== "function") {
    throw new TypeError(`its module's default export must be a function, got ${typeof factory}`);
  }
  const plugin: unknown = await (factory as PluginFactory<unknown>)(options, context);
  return checkMethods(plugin, roles);
}

/** Calls the method of a role and returns the plugin's answer, which may be a promise. */
export function invoke(plugin: Plugin, call: AnyCall, name: string, roles: readonly Role[]): unknown {
  if (call.role === "check") return plugin.check?.();
  const method = plugin[METHOD_OF_ROLE[call.role]] as ((...parameters: unknown[]) => unknown) | undefined;
  if (typeof method !== "function") throw pluginWrongRole(name, call.role, roles);
  return method.apply(plugin, [...parametersOf(call)]);
}

/** Starts a provider's stream. */
export function invokeProvider(
  plugin: Plugin,
  name: string,
  roles: readonly Role[],
  signal: AbortSignal,
): AsyncIterator<Delivery> {
  if (!plugin.ingest) throw pluginWrongRole(name, "provider", roles);
  return plugin.ingest(signal)[Symbol.asyncIterator]();
}

function checkMethods(plugin: unknown, roles: readonly Role[]): Plugin {
  if (typeof plugin !== "object" || plugin === null) {
    throw new TypeError("its function must return an object with methods");
  }
  for (const role of roles) {
    const method = METHOD_OF_ROLE[role];
    if (typeof (plugin as Plugin)[method] === "function") continue;
    throw new TypeError(`it must have a method ${method} for the role ${role} of its manifest`);
  }
  return plugin as Plugin;
}

function parametersOf(call: PluginCall): readonly unknown[] {
  switch (call.role) {
    case "source-archiver":
      return [call.task];
    case "decorator":
      return [call.response];
    case "connector":
      return [call.response, createResponseWriter(call.response)];
    default:
      return [call.payload, call.request];
  }
}
