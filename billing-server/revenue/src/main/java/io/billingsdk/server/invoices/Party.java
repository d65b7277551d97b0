package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.customers.BillingSettings;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.SellerSettings;
import io.billingsdk.server.customers.SellerSettings.BankAccount;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.Seller;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who sells and who pays, as a document shows them: later changes of both change no document. */
final class Party {
  private static final String TERMS = "/paymentTerms";

  private Party() {}

  /** With its settings, as far as there are any. */
  static ObjectNode of(Seller seller, SellerSettings settings) {
    ObjectNode node =
        CanonicalJson.object().put("sellerId", seller.id()).put("name", seller.name());
    address(node.putObject("address"), seller.address());
    taxIds(node, seller.taxIds());
    BankAccount bank = settings.bank();
    if (bank != null) {
      ObjectNode account = node.putObject("bank").put("holder", bank.holder());
      account.put("iban", bank.iban());
      put(account, "bic", bank.bic());
    }
    terms(node, settings.netDays());
    put(node, "template", settings.template());
    return node;
  }

  private static void address(ObjectNode place, Address address) {
    ArrayNode lines = place.putArray("lines");
    address.lines().forEach(lines::add);
    place
        .put("city", address.city())
        .put("postalCode", address.postalCode())
        .put("region", address.region())
        .put("country", address.country());
  }

  /** With its settings, as far as there are any. */
  static ObjectNode of(Customer customer, BillingSettings settings) {
    ObjectNode node =
        CanonicalJson.object()
            .put("customerId", customer.id())
            .put("name", customer.name())
            .put("zone", customer.zone().getId())
            .put("locale", customer.locale());
    if (customer.taxPlace() != null) {
      node.putObject("taxPlace")
          .put("country", customer.taxPlace().country())
          .put("region", customer.taxPlace().region());
    }
    taxIds(node, customer.taxIds());
    put(node, "legalName", settings.legalName());
    if (settings.address() != null) {
      address(node.putObject("address"), settings.address());
    }
    if (!settings.emails().isEmpty()) {
      ArrayNode emails = node.putArray("emails");
      settings.emails().forEach(emails::add);
    }
    if (settings.exemption() != null) {
      ObjectNode exemption =
          node.putObject("exemption").put("reason", settings.exemption().reason());
      put(exemption, "certificate", settings.exemption().certificate());
    }
    put(node, "series", settings.series());
    terms(node, settings.netDays());
    put(node, "template", settings.template());
    return node;
  }

  /** The day on which an invoice is to be paid: by the terms of the customer, or of the seller. */
  static Optional<LocalDate> due(LocalDate issued, ObjectNode seller, ObjectNode customer) {
    return Stream.of(customer, seller)
        .map(each -> each.at(TERMS + "/netDays"))
        .filter(JsonNode::isInt)
        .map(days -> issued.plusDays(days.intValue()))
        .findFirst();
  }

  private static void terms(ObjectNode node, @Nullable Integer netDays) {
    if (netDays != null) {
      node.putObject(TERMS.substring(1)).put("netDays", netDays);
    }
  }

  private static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  private static void taxIds(ObjectNode node, List<TaxId> ids) {
    ArrayNode array = node.putArray("taxIds");
    ids.forEach(id -> array.addObject().put("type", id.type()).put("value", id.value()));
  }
}
