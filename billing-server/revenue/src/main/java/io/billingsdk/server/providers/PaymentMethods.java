package io.billingsdk.server.providers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.providers.PaymentProvider.SavedToken;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Methods that customers have saved at providers, by their encrypted tokens. Thread-safe. */
final class PaymentMethods {
  static final String SAVED = "payment_method.saved";
  static final String REMOVED = "payment_method.removed";

  private final Database database;
  private final MethodVault vault;

  PaymentMethods(Database database, MethodVault vault) {
    this.database = database;
    this.vault = vault;
  }

  /** Saves one that is the default from now on; the same token again is the same method. */
  SavedMethod save(
      Handle handle, String customer, ProviderName provider, SavedToken token, Actor actor) {
    MethodRows.lock(handle, customer);
    var unused = new Customers(database.within(handle), actor).require(customer);
    String expires = token.expiresOn();
    SavedMethod method =
        new SavedMethod(
            "pm_" + UUID.randomUUID().toString().replace("-", ""),
            0,
            customer,
            provider,
            vault.seal(customer, token.token()),
            token.brand(),
            token.last4(),
            expires == null ? null : LocalDate.parse(expires),
            /* isDefault= */ true,
            Instant.EPOCH);
    String id = MethodRows.insert(handle, method, vault.mac(provider, token.token()));
    SavedMethod saved = MethodRows.find(handle, id).orElse(method);
    tell(handle, SAVED, saved, actor);
    return saved;
  }

  /** Charges it never again. */
  SavedMethod remove(Handle handle, String customer, String id, Actor actor) {
    MethodRows.lock(handle, customer);
    SavedMethod method =
        MethodRows.of(handle, customer, 0, Integer.MAX_VALUE).stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "methodId", "the customer " + customer + " has no method " + id));
    MethodRows.remove(handle, id);
    tell(handle, REMOVED, method, actor);
    return method;
  }

  List<SavedMethod> of(String customer, long after, int most) {
    return database.read(
        handle -> {
          var unused =
              new Customers(database.within(handle), new Actor("billing")).require(customer);
          return MethodRows.of(handle, customer, after, most);
        });
  }

  private static void tell(Handle handle, String kind, SavedMethod method, Actor actor) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("methodId", method.id());
    shown.put("customerId", method.customer());
    shown.put("provider", method.provider().text());
    shown.put("brand", method.brand());
    shown.put("last4", method.last4());
    if (method.expiresOn() != null) {
      shown.put("expiresOn", method.expiresOn().toString());
    }
    AuditLog.write(handle, actor, kind, method.id(), null, shown);
    Outbox.add(handle, DomainEvent.of(kind, "customer/" + method.customer(), shown, actor.name()));
  }
}
