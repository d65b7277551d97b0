package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.CorrectionOrder;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Reference;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inputs of corrections, as their column has them. */
final class CorrectionJson {
  private CorrectionJson() {}

  static String write(Correction correction) {
    ObjectNode node =
        CanonicalJson.object()
            .put("void", correction.order().isVoid())
            .put("reason", correction.order().reason())
            .put("corrects", correction.original().number());
    PinJson.original(node.putObject("original"), correction.original());
    ArrayNode lines = node.putArray("lines");
    correction.lines().forEach(line -> line(lines.addObject(), line));
    return node.toString();
  }

  static Correction read(String text) {
    JsonNode node = CanonicalJson.stored(text);
    String number = node.get("corrects").textValue();
    List<Line> lines = new ArrayList<>();
    node.get("lines")
        .forEach(
            each ->
                lines.add(
                    line(
                        each,
                        new Reference(number, each.get("line").intValue()),
                        PinJson.money(each.get("net")))));
    return new Correction(
        new CorrectionOrder(node.get("void").booleanValue(), node.get("reason").textValue()),
        PinJson.original(number, node.get("original")),
        lines);
  }

  private static void line(ObjectNode node, Line line) {
    @Nullable Reference refers = line.refers();
    node.put("line", refers == null ? 0 : refers.line())
        .put("net", line.net().toString())
        .put("key", line.key().text())
        .put("plan", line.plan())
        .put("version", line.version())
        .put("charge", line.charge())
        .put("name", line.name())
        .put("from", line.from().toString())
        .put("to", line.to().toString());
    if (line.share() != null) {
      node.put("share", line.share().toString());
    }
    TaxJson.grounds(TaxRateJson.write(node.putObject("tax"), line.tax()), line.grounds());
  }

  /** A line of a document or of pinned inputs, as one that corrects it. */
  static Line line(JsonNode node, Reference refers, Money net) {
    JsonNode share = node.path("share");
    return new Line(
        BillLineKind.CORRECTION,
        new LineKey(node.get("key").textValue()),
        node.get("plan").textValue(),
        node.get("version").intValue(),
        node.get("charge").textValue(),
        node.get("name").textValue(),
        Instant.parse(node.get("from").textValue()),
        Instant.parse(node.get("to").textValue()),
        share.isTextual() ? fraction(share.textValue()) : null,
        null,
        net,
        net.minus(net),
        TaxRateJson.read(node.get("tax")),
        refers,
        TaxJson.grounds(node.get("tax")));
  }

  /** What a fraction writes of itself. */
  static Fraction fraction(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? Fraction.parse(text)
        : Fraction.of(
            new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
  }
}
