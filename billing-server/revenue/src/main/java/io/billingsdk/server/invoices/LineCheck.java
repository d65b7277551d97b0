package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.EventMeter;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.invoices.EventListReader.Section;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reckons a line of a document again: quantity, digest, steps and amount. */
final class LineCheck {
  private final JsonNode line;
  private final EventListReader list;
  private final String currency;
  private final String name;

  LineCheck(JsonNode line, JsonNode document, EventListReader list) {
    this.line = line;
    this.list = list;
    this.currency = document.path("currency").asText();
    this.name = "line " + line.path("line").asText();
  }

  /** Whether it was reckoned; if not, {@code unchecked} says why. */
  boolean isDone(List<String> differences, List<String> unchecked) {
    String kind = line.path("kind").asText();
    JsonNode detail = line.path("detail");
    if (detail.has("quantity")) {
      return usage(kind, detail, differences, unchecked);
    }
    if (detail.has("commitment")) {
      Money missing =
          money(detail, "prorated").minus(money(detail, "charged")).max(Money.zero(currency));
      amount(differences, kind, detail, missing);
      return true;
    }
    if (kind.equals("advance") || kind.equals("arrears")) {
      return fee(differences, unchecked);
    }
    unchecked.add(name + ": a credit depends on the invoice that has its fee");
    return false;
  }

  private boolean usage(
      String kind, JsonNode detail, List<String> differences, List<String> unchecked) {
    Optional<PlanCharge> charge = charge(differences);
    if (charge.isEmpty()) {
      return true;
    }
    Map<String, List<AppendedEvent>> events = new HashMap<>();
    Evidence evidence = Evidence.NONE;
    for (String meter : charge.get().meters()) {
      Optional<Section> section = list.section(line.path("line").asInt(), meter);
      if (section.isEmpty()) {
        unchecked.add(name + ": the list has no events of the meter " + meter);
        return false;
      }
      events.put(meter, section.get().events());
      evidence = evidence.and(Evidence.of(section.get().contents()));
      outside(meter, section.get().events(), differences);
    }
    Usage usage = EventMeter.usage(charge.get(), meters(), events);
    RatedLine rated =
        charge
            .get()
            .charge()
            .prorated(CorrectionJson.fraction(line.path("share").asText()))
            .rate(usage, kind.equals("progress") ? PeriodPart.RUNNING : PeriodPart.COMPLETE);
    ObjectNode made = DetailJson.usage(usage, evidence, rated);
    for (Map.Entry<String, JsonNode> each : made.properties()) {
      same(differences, each.getKey(), detail.path(each.getKey()), each.getValue());
    }
    amount(differences, kind, detail, rated.amount());
    return true;
  }

  /** The net of a line whose usage, or commitment, comes to an amount. */
  private void amount(List<String> differences, String kind, JsonNode detail, Money due) {
    Money net = money(line, "net");
    if (!detail.has("dueNow")) {
      same(differences, "net", net, due);
      return;
    }
    same(differences, "dueNow", money(detail, "dueNow"), due);
    Money more = due.minus(money(detail, "invoicedBefore"));
    if (kind.equals("delta") || kind.equals("progress")) {
      same(differences, "net", net, more);
    } else if (net.compareTo(more.negated()) > 0) {
      // Several credit notes may share what is too much.
      differences.add(
          name + ": net is " + net + ", but at most " + more.negated() + " is too much");
    }
  }

  private boolean fee(List<String> differences, List<String> unchecked) {
    if (!line.path("share").isTextual()) {
      unchecked.add(name + ": a fee without a share");
      return false;
    }
    charge(differences)
        .ifPresent(
            charge ->
                same(
                    differences,
                    "net",
                    money(line, "net"),
                    charge
                        .charge()
                        .prorated(CorrectionJson.fraction(line.path("share").asText()))
                        .rate(Usage.none(), PeriodPart.COMPLETE)
                        .amount()));
    return true;
  }

  /** Events that the line cannot have, whatever they add up to. */
  private void outside(String slug, List<AppendedEvent> events, List<String> differences) {
    Instant from = Instant.parse(line.path("from").asText());
    Instant to = Instant.parse(line.path("to").asText());
    Meter meter = meters().get(slug);
    for (AppendedEvent each : events) {
      if (each.occurredAt().isBefore(from) || !each.occurredAt().isBefore(to)) {
        differences.add(
            "%s: the event %d of the app %s was used at %s, outside its time"
                .formatted(name, each.id().seq(), each.app(), each.occurredAt()));
      }
      if (meter != null && !meter.matches(each)) {
        differences.add(
            "%s: the meter %s does not count the event %d of the app %s"
                .formatted(name, slug, each.id().seq(), each.app()));
      }
    }
  }

  private Optional<PlanCharge> charge(List<String> differences) {
    Optional<PlanVersion> plan = plan().flatMap(each -> each.plan(line.path("plan").asText()));
    if (plan.isEmpty()) {
      differences.add(name + ": the list does not have its plan");
      return Optional.empty();
    }
    same(differences, "planDigest", line.path("planDigest").asText(), plan.get().digest());
    Optional<PlanCharge> charge =
        plan.get().charges().stream()
            .filter(each -> each.id().equals(line.path("charge").asText()))
            .findFirst();
    if (charge.isEmpty()) {
      differences.add(name + ": its plan has no charge " + line.path("charge").asText());
    }
    return charge;
  }

  private Optional<PlanFile> plan() {
    return list.plan(line.path("plan").asText(), line.path("version").asInt());
  }

  private Map<String, Meter> meters() {
    Map<String, Meter> meters = new HashMap<>();
    plan().ifPresent(file -> file.meters().forEach(each -> meters.put(each.slug(), each)));
    return meters;
  }

  private Money money(JsonNode node, String field) {
    return Money.of(currency, node.path(field).asText());
  }

  private void same(List<String> differences, String what, Object stored, Object made) {
    // As texts: in JSON a number has no width.
    if (!stored.toString().equals(made.toString())) {
      differences.add(name + ": " + what + " is " + stored + ", but comes to " + made);
    }
  }
}
