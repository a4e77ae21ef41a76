import { Compiler, Position, type SqlType } from '@espalier/core'

const NUMBERED = Array.from({ length: 100 }, (_, i) => `$${i}`)

/** Writes PostgreSQL. Parameters are numbered, and cast wherever their position does not say their type. */
export class PostgresCompiler extends Compiler {
  /**
   * PostgreSQL infers the type of `$1` from where it stands, and takes text where it finds nothing: `select $1`,
   * `case … then $1`, `json -> $1` and functions with several signatures would silently get the wrong type.
   */
  override placeholder(encoded: unknown, type: SqlType, position: number, name?: string): void {
    this.text(
      this.placeholderAt(
        this.sharing && type.name !== 'unknown'
          ? this.shared(encoded, type, name)
          : this.params.push(encoded),
      ),
    )
    if (position === Position.free && type.name !== 'unknown') {
      this.text('::')
      this.text(this.codec(type).ddl(type))
    }
  }

  /** The numbers of the parameters that others may share. */
  declare private numbers: Map<string, number> | undefined

  /** The number of the parameter of a value or name, which may be there already: each has one type, as it is written. */
  private shared(encoded: unknown, type: SqlType, name?: string): number {
    this.numbers ??= new Map()
    const key = `${this.codec(type).ddl(type)}${name === undefined ? `=${encoded instanceof Date ? +encoded : encoded}` : `:${name}`}`
    const number = this.numbers.get(key) ?? this.params.push(encoded)
    this.numbers.set(key, number)
    return number
  }

  /** A quoted text alone is of no type yet, and not every function takes it for one. */
  protected override literal(text: string, type: SqlType, position: number): void {
    this.text(text)
    if (position === Position.free && type.family === 'text') this.text(`::${this.codec(type).ddl(type)}`)
  }

  override placeholderAt(number: number): string {
    return number < NUMBERED.length ? (NUMBERED[number] as string) : `$${number}`
  }
}
