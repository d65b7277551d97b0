package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;

/** What a change of a subscription does, as it is printed: of a preview the same. */
final class SubscriptionOutput {
  private static final int NAME = 24;

  private SubscriptionOutput() {}

  static void print(JsonNode course, boolean json, PrintWriter out) {
    if (json) {
      out.println(JsonLines.of(course));
      out.flush();
      return;
    }
    JsonNode subscription = course.path("subscription");
    out.println(Text.printable(sentence(subscription)));
    Columns columns = columns();
    Table table = columns.table(Terminal.ofProcess());
    for (JsonNode change : course.path("changes")) {
      for (JsonNode line : change.path("lines")) {
        ObjectNode row = line.deepCopy();
        row.set("act", change.path("act"));
        table.row(columns.of(row).toArray());
      }
    }
    table.print(out);
    out.println(
        Text.printable(
            "total "
                + course.path("total").asText()
                + " "
                + subscription.path("currency").asText()));
    out.flush();
  }

  private static Columns columns() {
    return new Columns()
        .whole("act", "act")
        .whole("line", "kind")
        .text("plan", "plan", NAME)
        .text("charge", "chargeId", NAME)
        .whole("from", "from")
        .whole("to", "to")
        .whole("share", "share")
        .number("amount", "amount");
  }

  private static String sentence(JsonNode subscription) {
    String id = subscription.path("subscriptionId").asText("a new subscription");
    String next = subscription.path("nextPlan").path("plan").asText("");
    return id
        + " of "
        + subscription.path("customerId").asText()
        + ": "
        + subscription.path("state").asText()
        + ", plan "
        + subscription.path("plan").asText()
        + " version "
        + subscription.path("version").asText()
        + (next.isEmpty() ? "" : ", plan " + next + " from its next period on")
        + (subscription.path("endsWithPeriod").asBoolean() ? ", ends with its period" : "");
  }
}
