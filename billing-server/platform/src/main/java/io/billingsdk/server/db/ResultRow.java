package io.billingsdk.server.db;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * The row of an answer that is read just now. Each column is read by its name, as one of the types
 * that the tables have; a method whose name ends with {@code OrNull} is for a column that may be
 * NULL, the others refuse NULL or, for a number, give 0.
 *
 * <p>Guarantees that a failure is a {@link DatabaseException}. For one thread, and until the next
 * row is read.
 */
public final class ResultRow {
  private final ResultSet row;

  private ResultRow(ResultSet row) {
    this.row = row;
  }

  /** The current one of a result. */
  public static ResultRow of(ResultSet row) {
    return new ResultRow(row);
  }

  /** What makes of each row what a function makes of it. */
  public static <T> RowMapper<T> to(Function<ResultRow, T> read) {
    return (row, context) -> read.apply(new ResultRow(row));
  }

  private interface Read<T extends @Nullable Object> {
    T from(ResultSet row) throws SQLException;
  }

  private <T extends @Nullable Object> T read(Read<T> what) {
    try {
      return what.from(row);
    } catch (SQLException failed) {
      throw new DatabaseException(failed);
    }
  }

  private <T> T present(String column, @Nullable T value) {
    if (value == null) {
      throw new NullPointerException("the column " + column + " is NULL; it must not be");
    }
    return value;
  }

  /** A text. */
  public String text(String column) {
    return present(column, textOrNull(column));
  }

  /** A text, or null. */
  public @Nullable String textOrNull(String column) {
    return this.<@Nullable String>read(from -> from.getString(column));
  }

  /** A whole number; 0 for NULL. */
  public long number(String column) {
    return read(from -> from.getLong(column));
  }

  /** A whole number, or null. */
  public @Nullable Long numberOrNull(String column) {
    return this.<@Nullable Long>read(from -> from.getObject(column, Long.class));
  }

  /** A whole number of 32 bits; 0 for NULL. */
  public int integer(String column) {
    return read(from -> from.getInt(column));
  }

  /** A double; 0 for NULL. */
  public double real(String column) {
    return read(from -> from.getDouble(column));
  }

  /** An exact decimal. */
  public BigDecimal decimal(String column) {
    return present(column, this.<@Nullable BigDecimal>read(from -> from.getBigDecimal(column)));
  }

  /** True or false; false for NULL. */
  public boolean flag(String column) {
    return read(from -> from.getBoolean(column));
  }

  /** A moment. */
  public Instant time(String column) {
    return present(column, timeOrNull(column));
  }

  /** A moment, or null. */
  public @Nullable Instant timeOrNull(String column) {
    OffsetDateTime time =
        this.<@Nullable OffsetDateTime>read(from -> from.getObject(column, OffsetDateTime.class));
    return time == null ? null : time.toInstant();
  }

  /** A UUID. */
  public UUID uuid(String column) {
    return present(column, uuidOrNull(column));
  }

  /** A UUID, or null. */
  public @Nullable UUID uuidOrNull(String column) {
    return this.<@Nullable UUID>read(from -> from.getObject(column, UUID.class));
  }

  /** Bytes, as a SHA-256 is stored. */
  public byte[] bytes(String column) {
    return present(column, bytesOrNull(column));
  }

  /** Bytes, or null. */
  public byte @Nullable [] bytesOrNull(String column) {
    return this.<byte @Nullable []>read(from -> from.getBytes(column));
  }

  /** Whether a column is NULL. */
  public boolean isNull(String column) {
    return read(from -> from.getObject(column) == null);
  }

  /** An array of texts; none for NULL. */
  public List<String> texts(String column) {
    return List.of((String[]) array(column, new String[0]));
  }

  /** An array of whole numbers; none for NULL. */
  public List<Long> numbers(String column) {
    return List.of((Long[]) array(column, new Long[0]));
  }

  private Object array(String column, Object none) {
    return read(
        from -> {
          Array array = from.getArray(column);
          return array == null ? none : array.getArray();
        });
  }
}
