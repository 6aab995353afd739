// Calls Galley by the types that openapi-typescript makes of openapi.yaml. What must not compile says so.
import createClient from 'openapi-fetch';
import type { components, paths } from '../obj/galley.js';

type Same = (value: unknown, wanted: unknown) => void;
type Problem = components['schemas']['Problem'];

export function cases(baseUrl: string, token: string, same: Same): [string, () => Promise<void>][] {
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
  return [
    ['a command is called by its fields', async () => {
      const set = await client.POST('/v1/commands/set', { body: { key: 'typed', value: 'ahoy', ex: 60 } });
      same(set.data?.result, 'OK');
      const get = await client.POST('/v1/commands/get', { body: { key: 'typed' } });
      same(get.data?.result, 'ahoy');
    }],
    ['pairs, arrays and subcommands have their types', async () => {
      await client.POST('/v1/commands/mset', { body: { pairs: [{ key: 'a', value: '1' }, { key: 'b', value: { b64: 'AP8=' } }] } });
      const got = await client.POST('/v1/commands/mget', { body: { keys: ['a', 'b', 'none'] } });
      same(got.data?.result, ['1', { b64: 'AP8=' }, null]);
      const config = await client.POST('/v1/commands/config/get', { body: { parameters: ['databases'] } });
      same(config.data?.result, { databases: '16' });
    }],
    ['a command without fields needs no body', async () => {
      const size = await client.POST('/v1/commands/dbsize');
      same(typeof size.data?.result, 'number');
    }],
    ['a mistake is a problem', async () => {
      // @ts-expect-error There is no field of this name, and the value is missing.
      const { error, response } = await client.POST('/v1/commands/set', { body: { key: 'typed', valeu: 'x' } });
      const problem: Problem | undefined = error;
      same([response.status, problem?.code, problem?.errors?.[0]?.pointer], [422, 'INVALID', '/valeu']);
    }],
    ['a number is not a text', async () => {
      // @ts-expect-error A value is text, or bytes in base64.
      const { response } = await client.POST('/v1/commands/set', { body: { key: 'typed', value: 5 } });
      same(response.status, 422);
    }],
    ['a refusal of the engine is a problem too', async () => {
      await client.POST('/v1/commands/set', { body: { key: 'text', value: 'abc' } });
      const { error, response } = await client.POST('/v1/commands/incr', { body: { key: 'text' } });
      same([response.status, error?.detail], [400, 'ERR value is not an integer or out of range']);
    }],
    ['REST and health are described as they are', async () => {
      const row = await client.POST('/pipeline', { body: [['SET', 'n', 1], ['INCR', 'n']] });
      same(row.data?.map((entry) => entry.result), ['OK', 2]);
      const ready = await client.GET('/readyz');
      same(ready.data?.status, 'ok');
    }],
  ];
}
