package io.billingsdk.server.tax;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import io.billingsdk.server.tax.RateTable.RateRow;
import io.billingsdk.server.tax.TaxReturn.ReturnKey;
import io.billingsdk.server.tax.TaxReturn.ReturnSums;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Taxes as the API shows them. */
final class TaxViews {
  private TaxViews() {}

  record RegistrationView(
      UUID registrationId,
      String scheme,
      String country,
      @Nullable String region,
      String number,
      String validFrom,
      @Nullable String validTo) {
    static RegistrationView of(SellerRegistration shown) {
      return new RegistrationView(
          shown.id(),
          shown.registration().scheme().text(),
          shown.registration().place().country(),
          shown.registration().place().region(),
          shown.registration().number(),
          shown.from().toString(),
          shown.to() == null ? null : shown.to().toString());
    }
  }

  record RegistrationsView(List<RegistrationView> items) {}

  record ExemptionView(
      String category, @Nullable String code, String reason, @Nullable String until) {}

  record CustomerTaxView(
      String validFrom,
      String country,
      @Nullable String region,
      @Nullable String taxId,
      @Nullable String taxIdStatus,
      String supply,
      @Nullable ExemptionView exemption) {
    static CustomerTaxView of(CustomerTax tax, @Nullable String status) {
      var exemption = tax.exemption();
      return new CustomerTaxView(
          tax.from().toString(),
          tax.place().country(),
          tax.place().region(),
          tax.taxId(),
          status,
          tax.supply().text(),
          exemption == null
              ? null
              : new ExemptionView(
                  exemption.category(),
                  exemption.code(),
                  exemption.reason(),
                  tax.exemptUntil() == null ? null : tax.exemptUntil().toString()));
    }
  }

  record CustomerTaxesView(List<CustomerTaxView> items) {}

  record TaxationView(
      String category,
      String percent,
      @Nullable List<ComponentView> components,
      @Nullable String country,
      @Nullable String region,
      @Nullable String rule,
      @Nullable String source,
      @Nullable String reasonCode,
      @Nullable String reason,
      @Nullable String sellerTaxId,
      @Nullable String customerTaxId,
      @Nullable String taxIdStatus) {
    static TaxationView of(Taxation taxation) {
      TaxGrounds grounds = taxation.grounds();
      String percent = taxation.rate().percent().toPlainString();
      List<ComponentView> components = ComponentView.of(taxation.rate().components());
      return grounds == null
          ? new TaxationView(
              taxation.rate().category(),
              percent,
              components,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null)
          : new TaxationView(
              taxation.rate().category(),
              percent,
              components,
              grounds.country(),
              grounds.region(),
              grounds.rule(),
              grounds.source(),
              grounds.reasonCode(),
              grounds.reason(),
              grounds.sellerTaxId(),
              grounds.customerTaxId(),
              grounds.taxIdStatus());
    }
  }

  /** A component of a rate. */
  record ComponentView(String name, String percent) {
    /** Null for a rate without components. */
    static @Nullable List<ComponentView> of(List<Component> components) {
      return components.isEmpty()
          ? null
          : components.stream()
              .map(each -> new ComponentView(each.name(), each.percent().toPlainString()))
              .toList();
    }
  }

  record RateView(
      int row,
      String country,
      @Nullable String region,
      String percent,
      @Nullable List<ComponentView> components,
      String validFrom,
      @Nullable String validTo,
      String source) {
    static RateView of(RateRow row) {
      return new RateView(
          row.number(),
          row.place().country(),
          row.place().region(),
          row.percent().toPlainString(),
          ComponentView.of(row.components()),
          row.from().toString(),
          row.to() == null ? null : row.to().toString(),
          row.source());
    }
  }

  record RatesView(String edition, List<RateView> items) {}

  record ImportedTableView(String edition, int rows) {}

  record ReturnRowView(
      String country,
      @Nullable String region,
      String category,
      @Nullable String component,
      String percent,
      String rule,
      String currency,
      int documents,
      String base,
      String tax,
      @Nullable String accountingCurrency,
      @Nullable String accountingBase,
      @Nullable String accountingTax) {
    static ReturnRowView of(ReturnKey key, ReturnSums sums) {
      Money base = sums.accountingBase();
      Money tax = sums.accountingTax();
      return new ReturnRowView(
          key.country(),
          key.region().isEmpty() ? null : key.region(),
          key.category(),
          key.component().isEmpty() ? null : key.component(),
          key.percent(),
          key.rule(),
          key.currency(),
          sums.documents(),
          text(sums.base()),
          text(sums.tax()),
          base == null ? null : base.currency(),
          base == null ? null : text(base),
          tax == null ? null : text(tax));
    }

    private static String text(Money money) {
      return money.amount().toPlainString();
    }
  }

  record ReturnView(
      String sellerId, String period, String from, String to, List<ReturnRowView> items) {}
}
