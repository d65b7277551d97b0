package io.billingsdk.server.db;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import org.jdbi.v3.core.argument.Argument;

/** Values for parameters that are arrays of PostgreSQL. */
public final class SqlArrays {
  private SqlArrays() {}

  /** A {@code text[]}. */
  public static Argument texts(Collection<String> texts) {
    return of("text", texts.toArray());
  }

  /** A {@code bigint[]}. */
  public static Argument numbers(Collection<Long> numbers) {
    return of("bigint", numbers.toArray());
  }

  /** A {@code numeric[]}. */
  public static Argument decimals(Collection<BigDecimal> decimals) {
    return of("numeric", decimals.toArray());
  }

  /** A {@code timestamptz[]}. */
  public static Argument times(Collection<Instant> times) {
    return of("timestamptz", times.stream().map(Instant::toString).toArray());
  }

  /** A {@code bytea[]} of what is given in hexadecimal. */
  public static Argument hashes(Collection<String> hex) {
    return of("bytea", hex.stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new));
  }

  /** A {@code bytea[]}. */
  public static Argument bytes(Collection<byte[]> bytes) {
    return of("bytea", bytes.toArray(byte[][]::new));
  }

  private static Argument of(String type, Object[] values) {
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }
}
