/** Words that no variable can be called, and globals that a reader takes for themselves. */
const RESERVED = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do ' +
    'else enum eval export extends false finally for from function get global if implements import in infinity instanceof ' +
    'interface is keyof let module namespace nan never new null number object of package private protected public readonly ' +
    'require return set static string super switch symbol t this throw true try type typeof undefined unique unknown var void ' +
    'while with yield exports globalThis Infinity NaN'
  ).split(' '),
)

/** A name of the database in camel case: `user_ID` as `userId`. Nothing is left of what no identifier can have. */
export function camelCase(name: string): string {
  const words = name
    .normalize('NFC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{ID_Continue}]+|_+/u)
    .filter((word) => word !== '')
  const cased = words.map((word, i) => {
    const lower = word.toLowerCase()
    const [first = ''] = lower
    return i === 0 ? lower : first.toUpperCase() + lower.slice(first.length)
  })
  const joined = cased.join('')
  return joined !== '' && !/^[\p{ID_Start}]/u.test(joined) ? `_${joined}` : joined
}

/** Gives names that no two things share. */
export class Names {
  private readonly taken: Set<string>
  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken)
  }

  has(name: string): boolean {
    return this.taken.has(name)
  }

  /** The name, or one like it that is free. */
  take(wanted: string): string {
    let name = wanted
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}${i}`
    this.taken.add(name)
    return name
  }
}

/** Names for what a module exports: no words of TypeScript, and none of the functions that modules import. */
export class ExportNames extends Names {
  constructor(imported: Iterable<string>) {
    super([...RESERVED, ...imported])
  }

  /** The name of an object, with what it is behind it where the name alone is taken. */
  of(name: string, kind: string): string {
    const plain = camelCase(name) || kind
    if (!this.has(plain)) return this.take(plain)
    return this.take(`${plain}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`)
  }
}

/** The keys of the columns of a table, by their names: in camel case, each once. */
export function columnKeys(names: readonly string[]): ReadonlyMap<string, string> {
  // A source has `as` itself; what begins with a number would come before the others.
  const keys = new Names(['as', '__proto__'])
  return new Map(names.map((name) => [name, keys.take(camelCase(name) || 'column')]))
}
