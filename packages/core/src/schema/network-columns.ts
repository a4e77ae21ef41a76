import { CIDR, INET, MACADDR, MACADDR8 } from '../types/network.js'
import { type ColumnBuilder, column } from './column.js'

/**
 * An address of IPv4 or IPv6, perhaps with the length of the network that it is in: `string` in one form, in lower case and
 * without needless zeros. Addresses of hosts are ordered as numbers are, those of IPv4 first, on every database.
 *
 * PostgreSQL: `inet` · SQLite: `text`, whose order is that of the values: `192.168.001.005/32`
 *
 * Throws a `ValueError` that names the column for what is no address, also where it names a zone, as `fe80::1%eth0` does.
 * @example
 * ```ts
 * const visits = table('visits', { id: integer().primaryKey(), from: inet().notNull() })
 * const rows = select(visits.id).from(visits).where(visits.from.between('10.0.0.0', '10.255.255.255'))
 * rows.toSQL(sqliteDialect).params // ['010.000.000.000/32', '010.255.255.255/32']
 * ```
 */
export function inet(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(INET, name)
}

/**
 * A network: `string` such as `'192.168.1.0/24'`, ordered by the addresses and then by the lengths.
 *
 * PostgreSQL: `cidr` · SQLite: `text`, as {@link inet}
 *
 * Throws a `ValueError` that names the column for what is no network, and for one with bits behind its length.
 * @example
 * ```ts
 * const networks = table('networks', { id: integer().primaryKey(), range: cidr().notNull() })
 * insert(networks).values({ id: 1, range: '2001:DB8:0::/32' }).toSQL(postgresDialect).params // [1, '2001:db8::/32']
 * ```
 */
export function cidr(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(CIDR, name)
}

/**
 * An address of hardware, of 6 bytes: `string` as `'08:00:2b:01:02:03'`. Other separators are taken, too.
 *
 * PostgreSQL: `macaddr` · SQLite: `text`
 *
 * Throws a `ValueError` that names the column for what is none.
 * @example
 * ```ts
 * const devices = table('devices', { address: macaddr().primaryKey() })
 * insert(devices).values({ address: '0800.2B01.0203' }).toSQL(postgresDialect).params // ['08:00:2b:01:02:03']
 * ```
 */
export function macaddr(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(MACADDR, name)
}

/**
 * An address of hardware, of 8 bytes, as {@link macaddr}: `string` as `'08:00:2b:01:02:03:04:05'`.
 *
 * PostgreSQL: `macaddr8` · SQLite: `text`
 */
export function macaddr8(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(MACADDR8, name)
}
