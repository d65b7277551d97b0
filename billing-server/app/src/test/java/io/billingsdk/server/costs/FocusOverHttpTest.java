package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Costs as CSV in the columns of FOCUS, page by page: {@code -Dsize=release} for a million rows.
 * FocusWriterTest of billing-costs looks at each column.
 */
@Tag("postgres")
class FocusOverHttpTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int EVENTS = RELEASE ? 500_000 : 2_000;
  private static final int BATCH = 500;
  private static final int COLUMNS = 57;

  @TempDir Path directory;

  @Test
  void export_inPages_hasEachLineOnce_andSumsToTheCosts() {
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3_600);
    String split = "'usage':3,'quantities':{'input_tokens':2,'output_tokens':1}";
    try (CostServer server = new CostServer(directory)) {
      for (int sent = 0; sent < EVENTS; sent += BATCH) {
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(server.event("gpt-4", at.plusSeconds(i), split));
        }
        server.post("/events/batch", "{\"events\":[" + String.join(",", batch) + "]}");
      }
      server.send(server.event("gpt-nobody-knows", at, split));
      server.awaitCosts("gpt-nobody-knows", 1);
      Exported found = export(server, at);
      Proof.sized("focus-export-http", EVENTS, 500_000)
          .with("costs", EVENTS)
          .with("rows", found.rows)
          .with("columns", COLUMNS)
          .with("pages", found.pages)
          .with("unknown", found.unknown)
          .with("total", found.total.toPlainString())
          .print();
      assertThat(found.rows).isEqualTo(2L * EVENTS);
      assertThat(found.unknown).isEqualTo(1);
      BigDecimal each = new BigDecimal("0.00012");
      assertThat(found.total).isEqualByComparingTo(each.multiply(BigDecimal.valueOf(EVENTS)));
      List<JsonNode> unknown = server.costs("gpt-nobody-knows");
      assertThat(unknown.get(0).path("state").asText()).isEqualTo("unknown");
    }
  }

  /** What was read. For one thread. */
  private static final class Exported {
    private long rows;
    private long pages;
    private long unknown;
    private BigDecimal total = BigDecimal.ZERO;
  }

  private static Exported export(CostServer server, Instant at) {
    String path =
        "/costs/focus?limit=1000&from=" + at.minusSeconds(60) + "&to=" + at.plusSeconds(7_200);
    Exported found = new Exported();
    String next = "";
    do {
      Reply page = server.raw("GET", path + next, null);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      read(page.body(), found);
      found.unknown += page.header("Billing-Unknown-Costs").map(Long::parseLong).orElse(0L);
      next = page.header("Billing-Next").map(each -> "&cursor=" + each).orElse("");
    } while (!next.isEmpty());
    return found;
  }

  /** No cell of these costs has a comma but those in quotes. */
  private static void read(String csv, Exported found) {
    List<String> lines = csv.lines().toList();
    List<String> columns = List.of(lines.get(0).split(",", -1));
    assertThat(columns).hasSize(COLUMNS);
    int amount = columns.indexOf("BilledCost");
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
      assertThat(cells).hasSize(COLUMNS);
      found.total = found.total.add(new BigDecimal(cells[amount]));
      found.rows++;
    }
    found.pages++;
  }
}
