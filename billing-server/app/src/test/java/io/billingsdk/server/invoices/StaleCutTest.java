package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.invoices.Issuer.IssueOutcome;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import io.billingsdk.server.ledger.Cuts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that bill one subscription, one of them with a cut from before. */
@Tag("postgres")
class StaleCutTest {
  @TempDir Path directory;

  @Test
  void bill_withACutBelowThatOfAnEarlierSpan_leavesTheSpanAlone() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      world.customer("c", "UTC");
      world.subscribe("c");
      long stale = new Cuts(world.database).make();
      world.run();
      assertThat(world.http.world().count("SELECT cut_no FROM invoice_span")).isGreaterThan(stale);
      world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
      new Spans(world.database).noteAll();
      DueSpan due = due(world).get(0);
      Issuer issuer = new Issuer(world.database, InvoiceWorld.TABLE, InvoiceWorld.TESTER);

      assertThat(issuer.bill(due, stale, /* isComplete= */ true))
          .isEqualTo(new IssueOutcome.TakenByOther());
      assertThat(due(world)).containsExactly(due);
      long fresh = new Cuts(world.database).make();
      assertThat(issuer.bill(due, fresh, /* isComplete= */ true))
          .isEqualTo(new IssueOutcome.Billed(1, 0));
    }
  }

  private static List<DueSpan> due(InvoiceWorld world) {
    return world.database.read(
        handle -> SpanRows.due(handle, null, /* eager= */ true, DueSpan.NONE, 10));
  }
}
