import { Compiler, Position, type SqlType } from '@espalier/core'

const NUMBERED = Array.from({ length: 100 }, (_, i) => `$${i}`)

/** Writes PostgreSQL. Parameters are numbered, and cast wherever their position does not say their type. */
export class PostgresCompiler extends Compiler {
  /**
   * PostgreSQL infers the type of `$1` from where it stands, and takes text where it finds nothing: `select $1`,
   * `case … then $1`, `json -> $1` and functions with several signatures would silently get the wrong type.
   */
  override placeholder(encoded: unknown, type: SqlType, position: number, name?: string): void {
    const isTyped = type.name !== 'unknown'
    let number: number | undefined
    if (this.sharing && isTyped) {
      // Each has one type, as it is written.
      const value = name === undefined ? `=${encoded instanceof Date ? +encoded : encoded}` : `:${name}`
      const key = this.codec(type).ddl(type) + value
      this.numbers ??= {}
      this.numbers[key] ??= this.params.push(encoded)
      number = this.numbers[key]
    }
    this.text(this.placeholderAt(number ?? this.params.push(encoded)))
    // Beside a composite value, what has no type would be taken for a row of none.
    if (isTyped && position <= (type.fields ? Position.comparison : Position.free)) {
      this.text('::')
      this.text(this.codec(type).ddl(type))
    }
  }

  /** The numbers of the parameters that others may share, by their types and values or names. */
  declare private numbers: Record<string, number> | undefined

  /** A quoted text alone is of no type yet, and not every function takes it for one. */
  protected override literal(text: string, type: SqlType, position: number): void {
    this.text(text)
    if (position === Position.free && type.family === 'text') this.text(`::${this.codec(type).ddl(type)}`)
  }

  override placeholderAt(number: number): string {
    return number < NUMBERED.length ? (NUMBERED[number] as string) : `$${number}`
  }
}
