package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The events behind a document, so that somebody can reckon it again without the server: one JSON
 * value a line. First comes which document it is, then the plans with their meters, then for each
 * line and meter its events, as the digest of the line has them, and at last how many there are.
 */
final class EventList {
  static final String FORMAT = "billing-invoice-events/1";

  /** A list is made in memory. */
  static final int MOST = 200_000;

  private final Database here;
  private final Issued issued;
  private final Pinned pinned;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, PlanFile> plans = new LinkedHashMap<>();
  private int events;

  private EventList(Handle handle, Database here, Issued issued) {
    this.here = here;
    this.issued = issued;
    this.pinned =
        PinJson.read(
            InvoiceRows.inputs(handle, issued.subscription(), issued.span())
                .orElseThrow(() -> Invoices.none(issued.number())));
  }

  /**
   * Of a document.
   *
   * @param line only of this one; 0 for all
   */
  static String of(Handle handle, Database database, Issued issued, int line) {
    return new EventList(handle, database.within(handle), issued).write(line);
  }

  private String write(int only) {
    JsonNode document = CanonicalJson.stored(issued.document());
    ObjectNode head = CanonicalJson.object().put("format", FORMAT);
    line(head.put("number", issued.number()).put("sha256", issued.sha256()).toString());
    boolean isThere = only == 0;
    for (JsonNode each : document.path("lines")) {
      isThere = isThere || each.path("line").asInt() == only;
      plan(each.path("plan").asText(), each.path("version").asInt());
    }
    if (!isThere) {
      throw RequestRefusedException.invalid(
          "line", "one of 1 to " + document.path("lines").size() + ", the lines of the document");
    }
    for (JsonNode each : document.path("lines")) {
      boolean isWanted = only == 0 || each.path("line").asInt() == only;
      if (isWanted && each.path("detail").has("quantity")) {
        charge(each);
      }
    }
    line(CanonicalJson.object().put("end", events).toString());
    return text.toString();
  }

  private void plan(String plan, int version) {
    String name = plan + "/" + version;
    if (!plans.containsKey(name)) {
      PlanFile file = new Plans(here, new Actor("invoices")).file(plan, version);
      plans.put(name, file);
      ObjectNode shown = CanonicalJson.object().put("plan", plan).put("version", version);
      shown.set("file", CanonicalJson.stored(file.json()));
      line(shown.toString());
    }
  }

  private void charge(JsonNode line) {
    String plan = line.path("plan").asText();
    PlanCharge charge =
        Optional.ofNullable(plans.get(plan + "/" + line.path("version").asInt()))
            .flatMap(file -> file.plan(plan))
            .flatMap(
                each ->
                    each.charges().stream()
                        .filter(one -> one.id().equals(line.path("charge").asText()))
                        .findFirst())
            .orElseThrow(() -> new IllegalStateException("the plan has no such charge: " + line));
    List<AppRange> apps =
        LedgerUsage.within(
            pinned.apps(),
            Instant.parse(line.path("from").asText()),
            Instant.parse(line.path("to").asText()));
    for (String meter : charge.meters()) {
      ObjectNode section =
          CanonicalJson.object()
              .put("line", line.path("line").asInt())
              .put("charge", charge.id())
              .put("meter", meter);
      line(section.toString());
      List<String> contents =
          new MeterReader(here).contents(meter, apps, pinned.cut(), MOST + 1 - events);
      events += contents.size();
      if (events > MOST) {
        throw RequestRefusedException.invalid(
            "line", "such that there are at most " + MOST + " events: ask for line after line");
      }
      contents.forEach(this::line);
    }
  }

  private void line(String json) {
    text.append(json).append('\n');
  }
}
