import assert from 'node:assert'
import fc from 'fast-check'
import { fields, stanzas } from '../../images/debian/stanzas.ts'
import { target } from './target.ts'

const NAME = /^[A-Za-z][A-Za-z0-9-]{0,8}$/
/** All but line feeds, and characters that other formats take for one. */
const line = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => text.replaceAll('\n', '').trimStart())
  .chain((text) => fc.constantFrom(text, `${text}\r`, `a\u2028SHA256: ${text}`))
const value = fc
  .tuple(line, fc.array(line, { maxLength: 2 }))
  .map(([first, more]) => [first, ...more.map((text) => ` x${text}`)].join('\n'))
const stanza = fc.dictionary(fc.stringMatching(NAME), value, { maxKeys: 5 }).filter((keys) => !('Package' in keys))

const written = (stanza: Record<string, string>) =>
  Object.entries(stanza)
    .map(([key, text]) => `${key}: ${text}\n`)
    .join('')

export const index = target({
  name: 'index',
  holds: 'stanzas of an index (deb822) are read as they were written, and none has fields that nobody wrote',
  input: fc.array(stanza, { minLength: 1, maxLength: 4 }),
  check: (all) => {
    const named = all.map((stanza, i) => ({ Package: `p${i}`, ...stanza }))
    const text = named.map(written).join('\n')
    for (const stanza of named) assert.deepStrictEqual({ ...stanzas(text, stanza.Package)[0] }, { ...stanza })
    assert.strictEqual(stanzas(text, /^p/).length, named.length)
  },
  kept: [[{ A: 'a\u2028SHA256: b' }], [{ A: 'a\rPackage: p0' }]],
})

export const anyFields = target({
  name: 'fields',
  holds: 'any text at all is read as fields, or as none',
  input: fc.string({ unit: 'binary', maxLength: 400 }),
  check: (text) => void Object.values(fields(text)).every((value) => assert.strictEqual(typeof value, 'string')),
})
