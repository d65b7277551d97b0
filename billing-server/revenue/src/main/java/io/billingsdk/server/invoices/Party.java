package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.Seller;
import java.util.List;

/** Who sells and who pays, as a document shows them: later changes of both change no document. */
final class Party {
  private Party() {}

  static ObjectNode of(Seller seller) {
    ObjectNode node =
        CanonicalJson.object().put("sellerId", seller.id()).put("name", seller.name());
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
    return node;
  }

  static ObjectNode of(Customer customer) {
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
    return node;
  }

  private static void taxIds(ObjectNode node, List<TaxId> ids) {
    ArrayNode array = node.putArray("taxIds");
    ids.forEach(id -> array.addObject().put("type", id.type()).put("value", id.value()));
  }
}
