package io.billingsdk.server.subscriptions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Subscription.BillDaySpan;
import io.billingsdk.server.subscriptions.Subscription.Facts;
import io.billingsdk.server.subscriptions.Subscription.ZoneSpan;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions and lines as the tables keep them. Plans are named by id and version, amounts and
 * shares are texts, so that nothing is rounded. Fields are only ever added.
 */
final class SubscriptionJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SubscriptionJson() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static String write(Subscription subscription) {
    Facts facts = subscription.facts();
    ObjectNode node = object();
    node.put("id", facts.id().toString());
    node.put("customer", facts.customer());
    node.put("currency", facts.currency());
    node.put("state", facts.state().name());
    plan(node, facts.plan());
    node.put("anchor", facts.anchor().toString());
    node.put("proration", facts.proration().name());
    ArrayNode zones = node.putArray("zones");
    facts
        .zones()
        .forEach(
            span ->
                zones
                    .addObject()
                    .put("since", span.since().toString())
                    .put("zone", span.zone().getId()));
    ArrayNode billDays = node.putArray("billDays");
    facts.billDays().forEach(span -> billDay(billDays.addObject(), span));
    node.put("trialEnd", text(facts.trialEnd()));
    node.put("coveredFrom", facts.coveredFrom().toString());
    lines(node.putArray("charged"), facts.charged());
    pending(node, facts.pending());
    ArrayNode segments = node.putArray("segments");
    facts.segments().forEach(segment -> segment(segments.addObject(), segment));
    node.put("revision", facts.revision());
    node.put("changedAt", facts.changedAt().toString());
    return node.toString();
  }

  static Subscription read(String json, PlanBook plans) {
    JsonNode node = tree(json);
    List<ZoneSpan> zones = new ArrayList<>();
    for (JsonNode span : node.get("zones")) {
      zones.add(new ZoneSpan(time(span, "since"), ZoneId.of(span.get("zone").textValue())));
    }
    List<BillDaySpan> billDays = new ArrayList<>();
    // Not in those of earlier versions.
    node.path("billDays").forEach(span -> billDays.add(billDay(span)));
    List<Segment> segments = new ArrayList<>();
    node.get("segments").forEach(segment -> segments.add(segment(segment, plans)));
    return new Subscription(
        new Facts(
            UUID.fromString(node.get("id").textValue()),
            node.get("customer").textValue(),
            node.get("currency").textValue(),
            SubscriptionState.valueOf(node.get("state").textValue()),
            plan(node, plans),
            LocalDate.parse(node.get("anchor").textValue()),
            ProrationRule.valueOf(node.get("proration").textValue()),
            zones,
            billDays,
            timeOrNull(node, "trialEnd"),
            time(node, "coveredFrom"),
            lines(node.get("charged")),
            pending(node.get("pending"), plans),
            segments,
            node.get("revision").longValue(),
            time(node, "changedAt")));
  }

  static void lines(ArrayNode into, List<SubscriptionLine> lines) {
    for (SubscriptionLine line : lines) {
      into.addObject()
          .put("kind", line.kind().name())
          .put("plan", line.plan())
          .put("version", line.version())
          .put("charge", line.charge())
          .put("name", line.name())
          .put("from", line.from().toString())
          .put("to", line.to().toString())
          .put("share", line.share().toString())
          .put("amount", line.amount().toString());
    }
  }

  static List<SubscriptionLine> lines(JsonNode nodes) {
    List<SubscriptionLine> lines = new ArrayList<>();
    for (JsonNode node : nodes) {
      lines.add(
          new SubscriptionLine(
              SubscriptionLine.LineKind.valueOf(node.get("kind").textValue()),
              node.get("plan").textValue(),
              node.get("version").intValue(),
              node.get("charge").textValue(),
              node.get("name").textValue(),
              time(node, "from"),
              time(node, "to"),
              fraction(node.get("share").textValue()),
              Money.parse(node.get("amount").textValue())));
    }
    return lines;
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      // Without what it says: that is the data of a customer.
      throw new IllegalStateException("a stored subscription is malformed");
    }
  }

  static ObjectNode plan(ObjectNode node, PlanVersion plan) {
    return node.put("plan", plan.plan()).put("version", plan.version());
  }

  static PlanVersion plan(JsonNode node, PlanBook plans) {
    return plans.version(node.get("plan").textValue(), node.get("version").intValue());
  }

  static Instant time(JsonNode node, String name) {
    return Instant.parse(node.get(name).textValue());
  }

  private static @Nullable Instant timeOrNull(JsonNode node, String name) {
    return node.get(name).isNull() ? null : time(node, name);
  }

  private static void billDay(ObjectNode node, BillDaySpan span) {
    node.put("since", span.since().toString())
        .put("day", span.day())
        .put("running", span.running().name());
  }

  private static BillDaySpan billDay(JsonNode node) {
    return new BillDaySpan(
        time(node, "since"),
        node.get("day").intValue(),
        RunningPeriod.valueOf(node.get("running").textValue()));
  }

  private static void segment(ObjectNode node, Segment segment) {
    plan(node, segment.plan())
        .put("number", segment.number())
        .put("trial", segment.isTrial())
        .put("from", segment.from().toString())
        .put("to", text(segment.to()));
  }

  private static Segment segment(JsonNode node, PlanBook plans) {
    return new Segment(
        node.get("number").intValue(),
        plan(node, plans),
        node.get("trial").booleanValue(),
        time(node, "from"),
        timeOrNull(node, "to"));
  }

  private static void pending(ObjectNode node, @Nullable Pending pending) {
    if (pending instanceof Pending.ToPlan next) {
      plan(node.putObject("pending"), next.plan()).put("act", next.act().name());
    } else if (pending != null) {
      node.putObject("pending").put("act", Act.CANCEL_AT_END.name());
    } else {
      node.putNull("pending");
    }
  }

  private static @Nullable Pending pending(JsonNode node, PlanBook plans) {
    if (node.isNull()) {
      return null;
    }
    Act act = Act.valueOf(node.get("act").textValue());
    return act == Act.CANCEL_AT_END
        ? new Pending.Cancel()
        : new Pending.ToPlan(act, plan(node, plans));
  }

  private static Fraction fraction(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? Fraction.parse(text)
        : Fraction.of(
            new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
