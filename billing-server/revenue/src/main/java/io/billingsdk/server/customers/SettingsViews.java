package io.billingsdk.server.customers;

import io.billingsdk.server.customers.BillingSettings.Exemption;
import io.billingsdk.server.customers.BillingSettingsBook.Revision;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.SellerSettings.BankAccount;
import io.billingsdk.server.customers.Sellers.Address;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of bills as the API shows them. */
final class SettingsViews {
  private SettingsViews() {}

  record CustomerSettingsView(
      String customerId,
      int revision,
      @Nullable String legalName,
      @Nullable Address address,
      List<String> emails,
      String language,
      List<TaxId> taxIds,
      @Nullable Exemption exemption,
      @Nullable String series,
      @Nullable Integer netDays,
      @Nullable String template,
      @Nullable String actor,
      @Nullable Instant since) {
    static CustomerSettingsView of(Customer customer, Revision<BillingSettings> revision) {
      BillingSettings settings = revision.settings();
      return new CustomerSettingsView(
          customer.id(),
          revision.revision(),
          settings.legalName(),
          settings.address(),
          settings.emails(),
          customer.locale(),
          customer.taxIds(),
          settings.exemption(),
          settings.series(),
          settings.netDays(),
          settings.template(),
          revision.actor(),
          revision.since());
    }
  }

  record HistoryView(List<PastSettingsView> items) {
    static HistoryView of(List<Revision<BillingSettings>> history) {
      return new HistoryView(history.stream().map(PastSettingsView::of).toList());
    }
  }

  record PastSettingsView(
      int revision, BillingSettings settings, @Nullable String actor, @Nullable Instant since) {
    static PastSettingsView of(Revision<BillingSettings> revision) {
      return new PastSettingsView(
          revision.revision(), revision.settings(), revision.actor(), revision.since());
    }
  }

  record SellerSettingsView(
      String sellerId,
      int revision,
      @Nullable BankAccount bank,
      @Nullable Integer netDays,
      @Nullable String template,
      @Nullable String actor,
      @Nullable Instant since) {
    static SellerSettingsView of(String seller, Revision<SellerSettings> revision) {
      SellerSettings settings = revision.settings();
      return new SellerSettingsView(
          seller,
          revision.revision(),
          settings.bank(),
          settings.netDays(),
          settings.template(),
          revision.actor(),
          revision.since());
    }
  }
}
