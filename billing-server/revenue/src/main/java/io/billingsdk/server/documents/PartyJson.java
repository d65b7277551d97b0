package io.billingsdk.server.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.Seller;
import java.util.List;

/** Sellers and customers as documents have them, where no invoice says it. */
final class PartyJson {
  private PartyJson() {}

  static void seller(ObjectNode node, Seller seller) {
    node.put("sellerId", seller.id()).put("name", seller.name());
    Address address = seller.address();
    ObjectNode place = node.putObject("address");
    ArrayNode lines = place.putArray("lines");
    address.lines().forEach(lines::add);
    place
        .put("city", address.city())
        .put("postalCode", address.postalCode())
        .put("region", address.region())
        .put("country", address.country());
    taxIds(node, seller.taxIds());
  }

  static void customer(ObjectNode node, Customer customer) {
    node.put("customerId", customer.id())
        .put("name", customer.name())
        .put("locale", customer.locale());
    if (customer.taxPlace() != null) {
      node.putObject("taxPlace")
          .put("country", customer.taxPlace().country())
          .put("region", customer.taxPlace().region());
    }
    taxIds(node, customer.taxIds());
  }

  private static void taxIds(ObjectNode node, List<TaxId> ids) {
    ArrayNode array = node.putArray("taxIds");
    ids.forEach(id -> array.addObject().put("type", id.type()).put("value", id.value()));
  }
}
