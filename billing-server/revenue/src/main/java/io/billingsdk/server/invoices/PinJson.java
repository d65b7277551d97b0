package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** Pinned inputs as their column has them. */
final class PinJson {
  private PinJson() {}

  /** What the documents of a span are called: their numbers and dates stand nowhere twice. */
  static String write(Pinned pinned, List<PinnedName> names) {
    ObjectNode node = tree(pinned);
    ArrayNode documents = node.putArray("documents");
    for (PinnedName each : names) {
      documents
          .addObject()
          .put("kind", each.kind())
          .put("revision", each.revision())
          .put("number", each.number())
          .put("issueDate", each.date().toString());
    }
    return node.toString();
  }

  /** As they were pinned; none in pins of earlier versions. */
  static List<PinnedName> names(String text) {
    return list(
        CanonicalJson.stored(text).path("documents"),
        each ->
            new PinnedName(
                each.get("kind").textValue(),
                each.get("revision").intValue(),
                each.get("number").textValue(),
                LocalDate.parse(each.get("issueDate").textValue())));
  }

  /** What a document of a span is called. */
  record PinnedName(String kind, int revision, String number, LocalDate date) {}

  private static ObjectNode tree(Pinned pinned) {
    ObjectNode node =
        CanonicalJson.object()
            .put("ratingVersion", pinned.ratingVersion())
            .put("cut", pinned.cut())
            .put("complete", pinned.isComplete())
            .put("zone", pinned.zone().getId());
    node.set("span", span(pinned.span()));
    node.set("seller", pinned.seller());
    node.set("customer", pinned.customer());
    node.set("apps", apps(pinned.apps()));
    ArrayNode earlier = node.putArray("earlier");
    pinned.earlier().forEach(each -> earlier.add(span(each)));
    ObjectNode invoiced = node.putObject("invoiced");
    pinned.invoiced().forEach((key, entries) -> entries(invoiced.putArray(key), entries));
    ObjectNode originals = node.putObject("originals");
    pinned.originals().forEach((number, each) -> original(originals.putObject(number), each));
    ObjectNode taxes = node.putObject("taxes");
    pinned.taxes().forEach((day, rate) -> TaxRateJson.write(taxes.putObject(day.toString()), rate));
    TaxJson.pins(node, pinned.tax());
    if (!pinned.credits().isEmpty()) {
      node.set("credits", CreditJson.state(pinned.credits()));
    }
    if (pinned.issued() != null) {
      node.put("issued", pinned.issued().toString());
    }
    return node;
  }

  static Pinned read(String text) {
    JsonNode node = CanonicalJson.stored(text);
    Map<String, List<Invoiced>> invoiced = new TreeMap<>();
    node.get("invoiced")
        .properties()
        .forEach(each -> invoiced.put(each.getKey(), list(each.getValue(), PinJson::invoiced)));
    Map<String, Original> originals = new TreeMap<>();
    node.get("originals")
        .properties()
        .forEach(each -> originals.put(each.getKey(), original(each.getKey(), each.getValue())));
    Map<LocalDate, TaxRate> taxes = new TreeMap<>();
    node.get("taxes")
        .properties()
        .forEach(
            each -> taxes.put(LocalDate.parse(each.getKey()), TaxRateJson.read(each.getValue())));
    return new Pinned(
        node.get("ratingVersion").textValue(),
        node.get("cut").longValue(),
        span(node.get("span")),
        node.get("complete").booleanValue(),
        list(node.get("apps"), PinJson::app),
        (ObjectNode) node.get("seller"),
        (ObjectNode) node.get("customer"),
        ZoneId.of(node.get("zone").textValue()),
        list(node.get("earlier"), PinJson::span),
        invoiced,
        originals,
        taxes,
        TaxJson.pins(node),
        CreditJson.state(node.path("credits")),
        node.has("issued") ? LocalDate.parse(node.get("issued").textValue()) : null);
  }

  static ArrayNode apps(List<AppSpan> apps) {
    ArrayNode array = CanonicalJson.array();
    for (AppSpan app : apps) {
      ObjectNode node = array.addObject().put("app", app.app()).put("from", app.from().toString());
      if (app.to() != null) {
        node.put("to", app.to().toString());
      }
    }
    return array;
  }

  private static ObjectNode span(Span span) {
    return CanonicalJson.object()
        .put("subscription", span.subscription().toString())
        .put("number", span.number())
        .put("from", span.from().toString())
        .put("to", span.to().toString())
        .put("afterEvent", span.afterEvent())
        .put("lastEvent", span.lastEvent());
  }

  private static Span span(JsonNode node) {
    return new Span(
        UUID.fromString(node.get("subscription").textValue()),
        node.get("number").intValue(),
        time(node, "from"),
        time(node, "to"),
        node.get("afterEvent").longValue(),
        node.get("lastEvent").longValue());
  }

  private static AppSpan app(JsonNode node) {
    return new AppSpan(
        node.get("app").textValue(), time(node, "from"), node.has("to") ? time(node, "to") : null);
  }

  private static void entries(ArrayNode array, List<Invoiced> entries) {
    for (Invoiced each : entries) {
      ObjectNode node =
          array
              .addObject()
              .put("number", each.number())
              .put("line", each.line())
              .put("left", each.left().toString());
      if (!each.settled().equals(each.left())) {
        node.put("settled", each.settled().toString());
      }
    }
  }

  private static Invoiced invoiced(JsonNode node) {
    Money left = money(node.get("left"));
    return new Invoiced(
        node.get("number").textValue(),
        node.get("line").intValue(),
        left,
        node.has("settled") ? money(node.get("settled")) : left);
  }

  static void original(ObjectNode node, Original original) {
    ArrayNode lines = node.put("issued", original.issued().toString()).putArray("lines");
    for (int i = 0; i < original.lines().size(); i++) {
      InvoiceLine line = original.lines().get(i);
      ObjectNode each =
          lines
              .addObject()
              .put("net", line.net().toString())
              .put("discount", original.discounts().get(i).toString())
              .put("credited", original.credited().get(i).toString());
      TaxRateJson.write(each.putObject("tax"), line.taxes().get(0));
    }
    TaxJson.ofOriginal(node, original.tax());
    if (original.seller() != null) {
      node.set("seller", original.seller());
    }
  }

  static Original original(String number, JsonNode node) {
    List<JsonNode> lines = list(node.get("lines"), each -> each);
    return new Original(
        number,
        LocalDate.parse(node.get("issued").textValue()),
        lines.stream()
            .map(each -> InvoiceLine.of(money(each.get("net")), TaxRateJson.read(each.get("tax"))))
            .toList(),
        lines.stream().map(each -> money(each.get("discount"))).toList(),
        lines.stream().map(each -> money(each.get("credited"))).toList(),
        TaxJson.ofOriginal(node),
        (ObjectNode) node.get("seller"));
  }

  static Money money(JsonNode node) {
    return Money.parse(node.textValue());
  }

  private static Instant time(JsonNode node, String field) {
    return Instant.parse(node.get(field).textValue());
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
    List<T> list = new ArrayList<>();
    array.forEach(each -> list.add(read.apply(each)));
    return list;
  }
}
