package io.billingsdk.server.customers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What time it is for a customer: by the server's clock, or by a test clock that the customer was
 * made with. A test clock stands until somebody moves it, and only goes forward. Thread-safe.
 */
public final class CustomerClocks {
  /** Events that say so: a test clock has moved. Their subject is {@code customer/ID}. */
  public static final String MOVED = "customer.clock_moved";

  private static final String READ =
      "SELECT shown FROM customer_clock WHERE customer_id = :customer ";

  private final Database database;
  private final InstantSource clock;

  /**
   * In a database.
   *
   * @param clock of the server
   */
  public CustomerClocks(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The same by the clock of this machine. */
  public CustomerClocks(Database database) {
    this(database, InstantSource.system());
  }

  /** What time it is for a customer, to the microsecond. */
  public Instant now(String customer) {
    return testClock(customer).orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /** What a customer's test clock shows; empty when the customer has none. */
  public Optional<Instant> testClock(String customer) {
    return database.read(handle -> shown(handle, customer, ""));
  }

  /** The ids of the customers with test clocks: what they bring is no part of the books. */
  public Set<String> customersWithTestClocks() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT customer_id FROM customer_clock")
                .map(ResultRow.to(row -> row.text("customer_id")))
                .set());
  }

  /**
   * Moves a test clock forward, by any time, in one call. Features that wait for the time hear of
   * it by the event {@link #MOVED}.
   *
   * @return what it shows
   */
  public Instant moveTo(Actor actor, String customer, Instant to) {
    Instant later = to.truncatedTo(ChronoUnit.MICROS);
    return database.inTransaction(
        handle -> {
          Instant now = requireShown(handle, customer);
          if (!later.isAfter(now)) {
            throw RequestRefusedException.invalid("to", "after " + now + ", which the clock shows");
          }
          handle
              .createUpdate("UPDATE customer_clock SET shown = :to WHERE customer_id = :customer")
              .bind("to", later)
              .bind("customer", customer)
              .execute();
          Map<String, Object> before = Map.of("now", now.toString());
          Map<String, Object> after = Map.of("now", later.toString());
          AuditLog.write(handle, actor, "customer.clock_move", customer, before, after);
          Map<String, Object> moved = Map.of("customerId", customer, "now", later.toString());
          Outbox.add(handle, DomainEvent.of(MOVED, "customer/" + customer, moved, actor.name()));
          return later;
        });
  }

  /** Gives a customer a test clock, with its first moment. */
  static void begin(Handle handle, String customer, Instant first) {
    handle
        .createUpdate("INSERT INTO customer_clock (customer_id, shown) VALUES (:customer, :first)")
        .bind("customer", customer)
        .bind("first", first.truncatedTo(ChronoUnit.MICROS))
        .execute();
  }

  private static Instant requireShown(Handle handle, String customer) {
    if (CustomerRows.find(handle, customer, "").isEmpty()) {
      throw RequestRefusedException.notFound("customerId", "there is no customer " + customer);
    }
    return shown(handle, customer, "FOR UPDATE")
        .orElseThrow(
            () ->
                RequestRefusedException.conflict(
                    "customerId",
                    "the customer "
                        + customer
                        + " has no test clock; make a customer with testClock for tests"));
  }

  private static Optional<Instant> shown(Handle handle, String customer, String lock) {
    return handle
        .createQuery(READ + lock)
        .bind("customer", customer)
        .map(ResultRow.to(row -> row.time("shown")))
        .findFirst();
  }
}
