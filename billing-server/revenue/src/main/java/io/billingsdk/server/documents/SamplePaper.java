package io.billingsdk.server.documents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.customers.Sellers.Seller;

/** An invoice that nobody has to pay, to look at a template. */
final class SamplePaper {
  private SamplePaper() {}

  /** As canonical JSON. */
  static String of(Seller seller) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "invoice")
            .put("number", "SAMPLE")
            .put("issueDate", "2026-01-31")
            .put("currency", seller.currency());
    PartyJson.seller(node.putObject("seller"), seller);
    node.putObject("customer")
        .put("customerId", "sample")
        .put("name", "Sample Ltd")
        .put("zone", "UTC")
        .putObject("taxPlace")
        .put("country", seller.address().country());
    line(node.putArray("lines").addObject());
    tax(node.putArray("taxes").addObject()).put("base", "100").put("tax", "0");
    node.putObject("totals")
        .put("net", "100")
        .put("taxable", "100")
        .put("tax", "0")
        .put("total", "100")
        .put("due", "100");
    return node.toString();
  }

  private static void line(ObjectNode node) {
    node.put("name", "Calls")
        .put("from", "2026-01-01T00:00:00Z")
        .put("to", "2026-02-01T00:00:00Z")
        .put("net", "100");
    tax(node.putObject("tax"));
  }

  private static ObjectNode tax(ObjectNode node) {
    return node.put("category", "O").put("percent", "0");
  }
}
