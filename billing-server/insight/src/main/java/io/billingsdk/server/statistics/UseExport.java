package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.billingsdk.server.common.CsvLines;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.statistics.FactRows.StoredFact;
import io.billingsdk.server.statistics.FigureWriter.Cost;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Everything that is kept of a person, to be taken away: the counters, what they cost by the prices
 * of the profile, and the events behind them.
 *
 * @param isWhole whether all events are in it
 */
record UseExport(
    UsageProfile profile,
    ObjectNode figures,
    Tally tally,
    List<Cost> costs,
    List<StoredFact> events,
    boolean isWhole) {
  private static final int MOST = 50_000;
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Copies the lists. */
  UseExport {
    costs = List.copyOf(costs);
    events = List.copyOf(events);
  }

  /** In the form that a request asks for. */
  static ApiResponse of(
      Handle handle, Request request, Person person, UsageProfile profile, Instant now) {
    String format = request.parameter("format").orElse("csv");
    if (!format.equals("csv") && !format.equals("json")) {
      throw Request.invalid("format", "one of csv, json");
    }
    List<UUID> people = PersonRows.union(handle, person);
    Tally tally = TallyRows.total(handle, people, profile.name());
    FigureWriter writer = FigureWriter.of(tally, person, now);
    List<StoredFact> found = FactRows.page(handle, people, profile.name(), MOST + 1);
    boolean isWhole = found.size() <= MOST;
    UseExport export =
        new UseExport(
            profile,
            writer.write(profile.figures()),
            tally,
            writer.costs(profile),
            isWhole ? found : found.subList(0, MOST),
            isWhole);
    return format.equals("json")
        ? ApiResponse.ok(export.json())
        : export.csv(request.flag("bom").orElse(false));
  }

  private ObjectNode json() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("profile", profile.name());
    answer.set("figures", figures);
    answer.put("currency", profile.currency());
    ArrayNode prices = answer.putArray("costs");
    for (Cost each : costs) {
      ObjectNode cost = prices.addObject();
      cost.put("name", each.name());
      cost.set("used", Decimals.json(each.used()));
      cost.set("cost", Decimals.json(each.cost()));
    }
    ArrayNode rows = answer.putArray("events");
    for (StoredFact each : events) {
      ObjectNode row = rows.addObject();
      row.put("at", each.at().toString());
      row.put("event_type", each.type());
      row.put("correction", each.isCorrection());
      row.set("amount", Decimals.json(each.amount()));
      row.putRawValue("metadata", new RawValue(each.fields()));
    }
    answer.put("complete", isWhole);
    return answer;
  }

  private ApiResponse csv(boolean hasBom) {
    CsvLines lines =
        new CsvLines().line("kind", "name", "at", "amount", "cost", "currency", "metadata");
    tally
        .cells()
        .forEach(
            (name, cell) ->
                lines.line(
                    "counter",
                    name.label().isEmpty() ? name.counter() : name.counter() + "/" + name.label(),
                    null,
                    cell.amount(),
                    null,
                    null,
                    null));
    for (Cost each : costs) {
      lines.line("cost", each.name(), null, each.used(), each.cost(), profile.currency(), null);
    }
    for (StoredFact each : events) {
      lines.line(
          each.isCorrection() ? "correction" : "event",
          each.type(),
          each.at(),
          each.amount(),
          null,
          null,
          each.fields());
    }
    byte[] text = lines.bytes();
    return new ApiResponse.Whole(
        200,
        "text/csv; charset=utf-8",
        hasBom ? joined(text) : text,
        isWhole ? Map.of() : Map.of("Billing-Complete", "false"));
  }

  private static byte[] joined(byte[] text) {
    byte[] all = new byte[BOM.length + text.length];
    System.arraycopy(BOM, 0, all, 0, BOM.length);
    System.arraycopy(text, 0, all, BOM.length, text.length);
    return all;
  }
}
