package io.billingsdk.server.providers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.providers.PageRows.OpenPage;
import io.billingsdk.server.providers.PageRows.StoredPage;
import io.billingsdk.server.providers.PaymentProvider.HostedPage;
import io.billingsdk.server.providers.PaymentProvider.PageRequest;
import io.billingsdk.server.providers.PaymentProvider.SavedToken;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens pages of providers on which customers give a payment method. Thread-safe. */
final class MethodPages {
  private static final Logger LOG = LoggerFactory.getLogger(MethodPages.class);

  private final Database database;
  private final Providers providers;
  private final ChargeSender sender;
  private final PaymentMethods methods;
  private final @Nullable URI back;

  MethodPages(
      Database database,
      Providers providers,
      ChargeSender sender,
      PaymentMethods methods,
      @Nullable URI back) {
    this.database = database;
    this.providers = providers;
    this.sender = sender;
    this.methods = methods;
    this.back = back;
  }

  /** Stores one that is to be. */
  StoredPage prepare(Handle handle, String customer, ProviderName provider, Actor actor) {
    var unused = new Customers(database.within(handle), actor).require(customer);
    PaymentProvider unusedToo = providers.require("provider", provider);
    sender.requirePages("provider");
    String id = "page_" + UUID.randomUUID().toString().replace("-", "");
    PageRows.insert(handle, id, customer, provider);
    Map<String, Object> shown = Map.of("customerId", customer, "provider", provider.text());
    AuditLog.write(handle, actor, "payment_page.create", id, null, shown);
    return PageRows.find(handle, id).orElseThrow();
  }

  /** Opens a stored one: never within a transaction. */
  void open(StoredPage page, String currency) {
    PaymentProvider provider = providers.require("provider", page.provider());
    URI url = back;
    if (url == null) {
      return;
    }
    try {
      HostedPage made =
          provider.page(
              new PageRequest(
                  page.id(),
                  page.customer(),
                  sender.customer(provider, page.customer()),
                  currency,
                  null,
                  url));
      database.useTransaction(handle -> PageRows.open(handle, page.id(), made));
    } catch (ProviderUnreachableException failed) {
      database.useTransaction(
          handle -> PageRows.fail(handle, page.id(), String.valueOf(failed.getMessage())));
    }
  }

  /** Looks at open pages of providers that say by no webhook which method a customer has given. */
  void reconcile(int most) {
    List<OpenPage> open = database.read(handle -> PageRows.toLook(handle, most));
    for (OpenPage each : open) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        look(each);
      } catch (RuntimeException fault) {
        LOG.warn("the page {} is looked at again later: {}", each.id(), fault.toString());
        database.useTransaction(handle -> PageRows.lookAgain(handle, each.id()));
      }
    }
  }

  private void look(OpenPage page) {
    PaymentProvider provider = providers.require("provider", page.provider());
    Optional<SavedToken> saved = provider.saved(page.reference(), page.id());
    database.useTransaction(
        handle -> {
          if (saved.isEmpty()) {
            PageRows.lookAgain(handle, page.id());
          } else if (PageRows.close(handle, page.id())) {
            Actor actor = ChargeDesk.actor(page.provider());
            SavedMethod unused =
                methods.save(handle, page.customer(), page.provider(), saved.get(), actor);
          }
        });
  }

  StoredPage require(String id) {
    return database.read(
        handle ->
            PageRows.find(handle, id)
                .orElseThrow(
                    () -> RequestRefusedException.notFound("pageId", "there is no page " + id)));
  }
}
