package io.billingsdk.server.db;

import java.sql.SQLException;
import java.util.Objects;

/**
 * The database did not do what a service asked for: it refused, ended the statement, or is away.
 *
 * <p>Guarantees that the message is the one of the driver, and that the cause is its {@link
 * SQLException}. Neither the message nor the causes hold a statement with what was bound to it:
 * those of the library do, and end at {@link Database}. What PostgreSQL says of a row, as the key
 * that is there already, is in the message.
 */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SQLException failure;

  /** Of a failure as the driver has it. */
  public DatabaseException(SQLException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  /** The failure as the driver has it. */
  public SQLException failure() {
    return failure;
  }

  /** PostgreSQL's code of the failure; empty when the driver gives none. */
  public String sqlState() {
    return Objects.requireNonNullElse(failure.getSQLState(), "");
  }

  /** Whether the failure is one of the data, which no repetition heals. */
  public boolean isDataError() {
    return Database.isDataError(failure);
  }
}
