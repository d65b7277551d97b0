package io.billingsdk.server.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.billingsdk.server.common.CsvLines;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.statistics.FactRows.StoredFact;
import io.billingsdk.server.statistics.FigureWriter.Cost;
import java.util.List;

/**
 * Everything that is kept of a person, to be taken away, in a form: the counters and what they cost
 * by the prices of the profile, then the events behind them.
 */
interface UseExport {
  /** Of the answer. */
  String contentType();

  /** What stands before the events. */
  byte[] head();

  /**
   * Some events.
   *
   * @param isFirst whether none was before them
   */
  byte[] events(List<StoredFact> events, boolean isFirst);

  /** What stands behind the events. */
  byte[] tail();

  /**
   * What the head shows.
   *
   * @param costs by the prices of the profile
   */
  record Summary(UsageProfile profile, ObjectNode figures, Tally tally, List<Cost> costs) {
    /** Copies the list. */
    public Summary {
      costs = List.copyOf(costs);
    }
  }

  /** An object of JSON; only a whole one has {@code complete} at its end. */
  record OfJson(Summary summary) implements UseExport {
    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public byte[] head() {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("profile", summary.profile().name());
      answer.set("figures", summary.figures());
      answer.put("currency", summary.profile().currency());
      ArrayNode prices = answer.putArray("costs");
      for (Cost each : summary.costs()) {
        ObjectNode cost = prices.addObject();
        cost.put("name", each.name());
        cost.set("used", Decimals.json(each.used()));
        cost.set("cost", Decimals.json(each.cost()));
      }
      String text = new String(Json.bytes(answer), UTF_8);
      return (text.substring(0, text.lastIndexOf('}')) + ",\"events\":[").getBytes(UTF_8);
    }

    @Override
    public byte[] events(List<StoredFact> events, boolean isFirst) {
      StringBuilder text = new StringBuilder();
      for (StoredFact each : events) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("at", each.at().toString());
        row.put("event_type", each.type());
        row.put("correction", each.isCorrection());
        row.set("amount", Decimals.json(each.amount()));
        row.putRawValue("metadata", new RawValue(each.fields()));
        text.append(isFirst && text.isEmpty() ? "" : ",")
            .append(new String(Json.bytes(row), UTF_8));
      }
      return text.toString().getBytes(UTF_8);
    }

    @Override
    public byte[] tail() {
      return "],\"complete\":true}".getBytes(UTF_8);
    }
  }

  /**
   * Lines of CSV.
   *
   * @param hasBom whether it begins with the mark by which a spreadsheet knows UTF-8
   */
  record OfCsv(Summary summary, boolean hasBom) implements UseExport {
    @Override
    public String contentType() {
      return "text/csv; charset=utf-8";
    }

    @Override
    public byte[] head() {
      CsvLines lines =
          new CsvLines().line("kind", "name", "at", "amount", "cost", "currency", "metadata");
      summary
          .tally()
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
      String currency = summary.profile().currency();
      for (Cost each : summary.costs()) {
        lines.line("cost", each.name(), null, each.used(), each.cost(), currency, null);
      }
      String text = new String(lines.bytes(), UTF_8);
      return (hasBom ? "\ufeff" + text : text).getBytes(UTF_8);
    }

    @Override
    public byte[] events(List<StoredFact> events, boolean isFirst) {
      CsvLines lines = new CsvLines();
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
      return lines.bytes();
    }

    @Override
    public byte[] tail() {
      return new byte[0];
    }
  }
}
