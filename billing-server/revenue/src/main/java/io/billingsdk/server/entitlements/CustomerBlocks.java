package io.billingsdk.server.entitlements;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.BlockCause;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Blocks all keys of a customer, also those that are made later, beside what its subscription says.
 * Each block has a name, and is lifted by it. Thread-safe.
 */
public final class CustomerBlocks {
  /** The name of the block of a customer who has not paid. */
  public static final String PAST_DUE = "past_due";

  private final Database database;
  private final Actor actor;
  private final PlanKeys keys;

  /**
   * In a database.
   *
   * @param actor who blocks and lifts
   */
  public CustomerBlocks(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
    this.keys = new PlanKeys(database);
  }

  /**
   * A block.
   *
   * @param name tells it from others of the customer, 1 to 320 characters
   * @param cause {@link BlockCause#PLAN} or {@link BlockCause#PAST_DUE}
   * @param reason 1 to 256 characters
   * @param until when it ends by itself; null when somebody has to lift it
   */
  public record CustomerBlock(
      String customer, String name, BlockCause cause, String reason, @Nullable Instant until) {
    /** Refuses another cause: those belong to single keys. */
    public CustomerBlock {
      if (cause != BlockCause.PLAN && cause != BlockCause.PAST_DUE) {
        throw new IllegalArgumentException("cause must be PLAN or PAST_DUE, but is " + cause);
      }
    }
  }

  /** Blocks the keys of a customer whose payment is due, with the cause {@code past_due}. */
  public void pastDue(String customer, String reason) {
    stand(new CustomerBlock(customer, PAST_DUE, BlockCause.PAST_DUE, reason, null));
  }

  /** The payment was made: lifts the block of {@link #pastDue}. */
  public void paid(String customer) {
    lift(customer, PAST_DUE);
  }

  /** Blocks the keys of a customer. Nothing happens where it is so already. */
  public void stand(CustomerBlock block) {
    if (block.reason().isBlank()
        || block.reason().length() > Bounds.REASON_CHARS
        || !Bounds.isWellFormedText(block.reason())) {
      throw RequestRefusedException.invalid(
          "reason", "a text of 1 to " + Bounds.REASON_CHARS + " characters");
    }
    database.useTransaction(
        handle -> {
          requireCustomer(handle, block.customer());
          EntitlementRows.lock(handle);
          if (EntitlementRows.stand(handle, block, actor.name())) {
            audit(handle, "customer.block", block.customer(), block.name(), block.reason());
            keys.applyToCustomer(handle, block.customer());
          }
        });
  }

  /** Lifts a block; nothing happens where there is none of this name. */
  public void lift(String customer, String name) {
    database.useTransaction(
        handle -> {
          // Without the lock first: most payments lift nothing, and must not wait for others.
          if (EntitlementRows.of(handle, customer).stream()
              .noneMatch(each -> each.name().equals(name))) {
            return;
          }
          EntitlementRows.lock(handle);
          if (EntitlementRows.lift(handle, customer, name)) {
            audit(handle, "customer.unblock", customer, name, null);
            keys.applyToCustomer(handle, customer);
          }
        });
  }

  /** The blocks of a customer, by name. */
  public List<CustomerBlock> of(String customer) {
    return database.read(handle -> EntitlementRows.of(handle, customer));
  }

  /** The blocks of all customers whose names begin so, by customer. */
  public List<CustomerBlock> named(String prefix) {
    return database.read(handle -> EntitlementRows.named(handle, prefix));
  }

  private void requireCustomer(Handle handle, String customer) {
    var unused = new Customers(database.within(handle), actor).require(customer);
  }

  private void audit(
      Handle handle, String action, String customer, String name, @Nullable String reason) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("name", name);
    said.put("reason", reason);
    AuditLog.write(handle, actor, action, customer, null, said);
  }
}
