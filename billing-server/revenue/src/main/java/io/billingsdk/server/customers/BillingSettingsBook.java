package io.billingsdk.server.customers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.SettingsRows.StoredSettings;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The settings of bills of customers and sellers, with their history. Thread-safe. */
public final class BillingSettingsBook {
  private static final int HISTORY = 100;

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public BillingSettingsBook(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * Settings, and since when they are in force.
   *
   * @param revision 0 if nobody has set anything
   * @param actor who set them; null for nobody
   */
  public record Revision<T>(
      int revision, T settings, @Nullable String actor, @Nullable Instant since) {}

  /** Those of a customer; refuses one that there is not. */
  public Revision<BillingSettings> ofCustomer(String id) {
    return database.read(
        handle -> {
          requireCustomer(handle, id, "");
          return latest(
              handle, SettingsRows.ofCustomer(id), BillingSettings.class, BillingSettings.NONE);
        });
  }

  /** Those of a customer that the caller has read. */
  public BillingSettings of(Customer customer) {
    return database
        .read(
            handle ->
                latest(
                    handle,
                    SettingsRows.ofCustomer(customer.id()),
                    BillingSettings.class,
                    BillingSettings.NONE))
        .settings();
  }

  /** Those of a seller; refuses one that there is not. */
  public Revision<SellerSettings> ofSeller(String id) {
    return database.read(
        handle -> {
          requireSeller(handle, id, "");
          return latest(
              handle, SettingsRows.ofSeller(id), SellerSettings.class, SellerSettings.NONE);
        });
  }

  /** The last hundred of a customer, the latest first. */
  public List<Revision<BillingSettings>> history(String id) {
    return database.read(
        handle -> {
          requireCustomer(handle, id, "");
          return SettingsRows.history(handle, SettingsRows.ofCustomer(id), HISTORY).stream()
              .map(each -> revision(each, BillingSettings.class))
              .toList();
        });
  }

  /** Changes those of a customer. */
  public Revision<BillingSettings> changeCustomer(
      String id, UnaryOperator<BillingSettings> change) {
    return database.inTransaction(
        handle -> {
          requireCustomer(handle, id, "FOR UPDATE");
          String owner = SettingsRows.ofCustomer(id);
          var old = latest(handle, owner, BillingSettings.class, BillingSettings.NONE);
          BillingSettings wanted = SettingsFields.check(change.apply(old.settings()));
          add(handle, owner, "customer.settings", id, old, wanted);
          return latest(handle, owner, BillingSettings.class, BillingSettings.NONE);
        });
  }

  /** The sellers whose customers pay to an account at a bank, by their settings in force. */
  public List<String> sellersPaidTo(Iban account) {
    return database.read(handle -> SettingsRows.sellersPaidTo(handle, account.text()));
  }

  /** Changes those of a seller. */
  public Revision<SellerSettings> changeSeller(String id, UnaryOperator<SellerSettings> change) {
    return database.inTransaction(
        handle -> {
          requireSeller(handle, id, "FOR UPDATE");
          String owner = SettingsRows.ofSeller(id);
          var old = latest(handle, owner, SellerSettings.class, SellerSettings.NONE);
          SellerSettings wanted = SettingsFields.check(change.apply(old.settings()));
          add(handle, owner, "seller.settings", id, old, wanted);
          return latest(handle, owner, SellerSettings.class, SellerSettings.NONE);
        });
  }

  /** A repetition of the same settings is no revision. */
  private <T> void add(
      Handle handle, String owner, String action, String subject, Revision<T> old, T wanted) {
    if (wanted.equals(old.settings())) {
      return;
    }
    String content = TaxIdsJson.of(wanted);
    SettingsRows.add(handle, owner, old.revision() + 1, content, actor.name());
    AuditLog.write(
        handle,
        actor,
        action,
        subject,
        Map.of("settings", TaxIdsJson.of(old.settings())),
        Map.of("settings", content));
  }

  private static <T> Revision<T> latest(Handle handle, String owner, Class<T> type, T none) {
    return SettingsRows.latest(handle, owner)
        .map(each -> revision(each, type))
        .orElseGet(() -> new Revision<>(0, none, null, null));
  }

  private static <T> Revision<T> revision(StoredSettings stored, Class<T> type) {
    return new Revision<>(
        stored.revision(),
        TaxIdsJson.read(stored.content(), type),
        stored.actor(),
        stored.recordedAt());
  }

  private static void requireCustomer(Handle handle, String id, String lock) {
    if (CustomerRows.find(handle, id, lock).isEmpty()) {
      throw RequestRefusedException.notFound("customerId", "there is no customer " + id);
    }
  }

  private static void requireSeller(Handle handle, String id, String lock) {
    var unused = Sellers.present(handle, id, lock);
  }
}
