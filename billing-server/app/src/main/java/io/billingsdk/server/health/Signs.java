package io.billingsdk.server.health;

import io.billingsdk.server.db.WriteProbe;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The signs by which the health of the server is judged.
 *
 * @param up whether the server is connected and takes usage in
 * @param storing whether what has come is stored in time
 * @param writes whether the database can be written; the caller closes it
 * @param databaseRestarts how often the server's own PostgreSQL was started again
 */
public record Signs(
    BooleanSupplier up, BooleanSupplier storing, WriteProbe writes, LongSupplier databaseRestarts) {
  /** A batch waits so long before its instance hears that the server does not take it. */
  public static final long STORED_WITHIN_SECONDS = 10;
}
