import {
  type CompositeField,
  CompositeFieldNode,
  type Dialect,
  DomainValueNode,
  type Node,
  OWN,
  rewrite,
  type SqlType,
} from '@espalier/core'

/*
 * SQLite has no domains: a column has the check of its own. It can also check the fields of a composite value, and not the
 * elements of an array, for which a check would need a query.
 */

interface Domain {
  readonly domain: string
  readonly check: (column?: string) => Node | undefined
}

/** The check of a domain, about the column of a name; undefined for other types, and for a domain without one. */
function checkOf(type: SqlType, column?: string): Node | undefined {
  const own = type[OWN] as Partial<Domain> | undefined
  return own?.domain === undefined ? undefined : own.check?.(column)
}

/** Whether a type is a domain with a check, or is made of such. */
export function hasCheck(type: SqlType): boolean {
  return checkOf(type) !== undefined || (type.base !== undefined && hasCheck(type.base))
}

/** Whether values of a type have parts with a check. */
export function hasCheckWithin({ base, element, fields = [] }: SqlType): boolean {
  const parts = [...(element === undefined ? [] : [element]), ...fields.map(({ type }) => type)]
  return (
    parts.some((part) => hasCheck(part) || hasCheckWithin(part)) ||
    (base !== undefined && hasCheckWithin(base))
  )
}

/** The checks of the fields of a composite value in a column, as the rest of its definition. */
export function checksOfFields(name: string, type: SqlType, dialect: Dialect): string {
  return fieldChecks(new DomainValueNode(name, type), type)
    .map((check) => ` check (${dialect.toSQL(check, { inline: true }).sql})`)
    .join('')
}

function fieldChecks(value: Node, { fields = [] }: SqlType): Node[] {
  return fields.flatMap(({ name, type }: CompositeField) => {
    const field = new CompositeFieldNode(value as DomainValueNode, name, type)
    return [...checksOf(field, type), ...fieldChecks(field, type)]
  })
}

/** The checks of a type and of those that it is made of, about a value. */
function checksOf(value: Node, type: SqlType): Node[] {
  const below = type.base === undefined ? [] : checksOf(value, type.base)
  const check = checkOf(type)
  if (check === undefined) return below
  return [...below, rewrite(check, (node) => (node.kind === 'domainValue' ? value : node))]
}
