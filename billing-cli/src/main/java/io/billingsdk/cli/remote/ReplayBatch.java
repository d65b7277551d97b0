package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Progress;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Replays what fits a filter, page after page. What a page has done stays done when a later one
 * fails: the same command then goes on with the rest. For one thread.
 */
final class ReplayBatch {
  private static final long PAGE = 500;

  /** More of what is still rejected is in the list of rejected events. */
  private static final int SHOWN = 100;

  private static final int DETAIL = 80;

  private final BillingHttp http;
  private final ObjectNode body;
  private final long limit;
  private final boolean json;
  private final Columns columns =
      new Columns()
          .number("id", "id")
          .whole("stream", "stream")
          .number("seq", "seq")
          .whole("code", "code")
          .text("detail", "detail", DETAIL);

  private long looked;
  private long stored;
  private long duplicates;
  private long rejected;

  ReplayBatch(BillingHttp http, ObjectNode body, long limit, boolean json) {
    this.http = http;
    this.body = body;
    this.limit = limit;
    this.json = json;
  }

  /** The exit code: 1 when something is still rejected. */
  int run(PrintWriter out, PrintWriter err) {
    Table still = columns.table(Terminal.ofProcess());
    try (Progress progress = Progress.of("events", err)) {
      JsonNode page = page();
      while (true) {
        page.path("results").forEach(each -> show(each, still, out));
        progress.at(looked);
        if (!page.path("next").isTextual() || looked >= limit) {
          break;
        }
        body.put("cursor", page.path("next").textValue());
        page = page();
      }
    } catch (CommandException failed) {
      err.println("billing: until then: " + sums());
      throw failed;
    }
    if (!json && !still.isEmpty()) {
      still.print(out);
    }
    (json ? err : out).println(json ? "billing: " + sums() : sums());
    out.flush();
    err.flush();
    return rejected == 0 ? 0 : 1;
  }

  private JsonNode page() {
    body.put("limit", Math.min(PAGE, limit - looked));
    JsonNode page =
        http.change("/rejected/replay", body.toString().getBytes(StandardCharsets.UTF_8));
    looked += page.path("looked").longValue();
    stored += page.path("stored").longValue();
    duplicates += page.path("duplicates").longValue();
    rejected += page.path("rejected").longValue();
    return page;
  }

  private void show(JsonNode result, Table still, PrintWriter out) {
    if (json) {
      out.println(JsonLines.of(result));
    } else if (result.path("status").asText().equals("rejected") && still.size() < SHOWN) {
      still.row(columns.of(result).toArray());
    }
  }

  private String sums() {
    return String.format(
        Locale.ROOT,
        body.path("dryRun").asBoolean()
            ? "%d would be stored, %d are duplicates, %d would stay rejected; nothing was changed"
            : "%d stored, %d duplicates, %d still rejected",
        stored,
        duplicates,
        rejected);
  }
}
