package io.billingsdk.server.subscriptions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Command.Switch;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Commands as an event keeps them, so that the events alone make the subscription again. */
final class CommandJson {
  private CommandJson() {}

  static ObjectNode write(Command command) {
    ObjectNode node = SubscriptionJson.object();
    if (command instanceof Start start) {
      SubscriptionJson.plan(node.put("command", "start"), start.plan())
          .put("id", start.id().toString())
          .put("customer", start.customer())
          .put("currency", start.currency())
          .put("zone", start.zone().getId())
          .put("anchor", start.anchor() == null ? null : start.anchor().toString())
          .put("proration", start.proration().name());
    } else if (command instanceof Switch change) {
      SubscriptionJson.plan(node.put("command", "switch"), change.plan())
          .put("timing", text(change.timing()));
    } else if (command instanceof Migrate migration) {
      SubscriptionJson.plan(node.put("command", "migrate"), migration.plan())
          .put("timing", text(migration.timing()));
    } else if (command instanceof ChangeZone change) {
      node.put("command", "zone").put("zone", change.zone().getId());
    } else if (command instanceof ChangeBillDay change) {
      node.put("command", "bill_day")
          .put("day", change.day())
          .put("running", change.running().name());
    } else {
      node.put("command", "plain").put("act", ((Plain) command).act().name());
    }
    return node;
  }

  static Command read(JsonNode node, PlanBook plans) {
    return switch (node.get("command").textValue()) {
      case "start" ->
          new Start(
              UUID.fromString(node.get("id").textValue()),
              node.get("customer").textValue(),
              node.get("currency").textValue(),
              ZoneId.of(node.get("zone").textValue()),
              SubscriptionJson.plan(node, plans),
              node.get("anchor").isNull() ? null : LocalDate.parse(node.get("anchor").textValue()),
              ProrationRule.valueOf(node.get("proration").textValue()));
      case "switch" -> new Switch(SubscriptionJson.plan(node, plans), timing(node));
      case "migrate" -> new Migrate(SubscriptionJson.plan(node, plans), timing(node));
      case "zone" -> new ChangeZone(ZoneId.of(node.get("zone").textValue()));
      case "bill_day" ->
          new ChangeBillDay(
              node.get("day").intValue(), RunningPeriod.valueOf(node.get("running").textValue()));
      default -> new Plain(Act.valueOf(node.get("act").textValue()));
    };
  }

  private static @Nullable Timing timing(JsonNode node) {
    return node.get("timing").isNull() ? null : Timing.valueOf(node.get("timing").textValue());
  }

  private static @Nullable String text(@Nullable Timing timing) {
    return timing == null ? null : timing.name();
  }
}
