package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import java.util.Locale;

/** How an amount of usage came about, as a document shows it. */
final class DetailJson {
  private DetailJson() {}

  static ObjectNode usage(Usage usage, Evidence evidence, RatedLine line) {
    ObjectNode detail = CanonicalJson.object();
    detail.set("quantity", quantity(usage));
    detail.put("events", evidence.events()).put("digest", evidence.digest());
    ArrayNode steps = detail.putArray("steps");
    line.steps().forEach(step -> steps.add(step(step)));
    return detail;
  }

  static ObjectNode commitment(Money whole, Money prorated, Money charged) {
    return CanonicalJson.object()
        .put("commitment", amount(whole))
        .put("prorated", amount(prorated))
        .put("charged", amount(charged));
  }

  /** Of usage that is in part on an earlier document. */
  static ObjectNode difference(RatedUsage rated, Money before) {
    ObjectNode detail = CanonicalJson.object();
    detail.put("dueNow", amount(rated.amount()));
    detail.put("invoicedBefore", amount(before));
    rated.details().get().properties().forEach(each -> detail.set(each.getKey(), each.getValue()));
    return detail;
  }

  static String amount(Money money) {
    return money.amount().toPlainString();
  }

  private static JsonNode quantity(Usage usage) {
    if (usage instanceof Usage.Total total) {
      return TextNode.valueOf(total.quantity().toString());
    }
    if (usage instanceof Usage.Events events) {
      // Single values of a million events would not make a document clearer: the digest has them.
      return CanonicalJson.object().put("values", events.amounts().size());
    }
    ObjectNode byName = CanonicalJson.object();
    if (usage instanceof Usage.Peaks peaks) {
      peaks.byUnit().forEach((unit, peak) -> byName.put(unit, peak.toString()));
    } else if (usage instanceof Usage.ByValue values) {
      values.byValue().forEach((value, each) -> byName.set(value, quantity(each)));
    }
    return byName;
  }

  private static ObjectNode step(Step step) {
    ObjectNode node = CanonicalJson.object();
    node.put("kind", step.kind().name().toLowerCase(Locale.ROOT));
    if (!step.value().isEmpty()) {
      node.put("value", step.value());
    }
    if (step.tier() > 0) {
      node.put("tier", step.tier());
    }
    return node.put("quantity", step.quantity().toString())
        .put("unitPrice", step.unitPrice().toString());
  }
}
